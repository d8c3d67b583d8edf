"""CSV files that people open in a spreadsheet."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from flask import Response

#: Rows formatted at a time.
AT_ONCE = 500
#: Where a program may start a cell, whatever separator it uses, and a formula in it.
_FORMULA = re.compile(
    r"(?:\A|(?<=[;\t\r\n]))(?=[^\S\r\n]*[\u200b\ufeff]*[=+\-@＝＋－＠])|\A(?=[\t\r])"
)


def escape_formula(value: Any) -> str:
    """Return the cell's text; an apostrophe protects what a spreadsheet would take for a
    formula.
    """
    return _FORMULA.sub("'", str(value))


def download(name: str, rows: Iterable[Iterable[Any]]) -> Response:
    """Stream the rows as a CSV file called `name`, with a byte order mark for spreadsheets.

    It is written after the request ends, so rows from the database must be loaded before.
    """
    response = Response(_written(rows), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _written(rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    yield "\ufeff"
    waiting = iter(rows)
    while some := list(islice(waiting, AT_ONCE)):
        file = io.StringIO()
        csv.writer(file).writerows([escape_formula(cell) for cell in row] for row in some)
        yield file.getvalue()
