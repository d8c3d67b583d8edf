"""Tables that people open in a spreadsheet."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from flask import Response

#: So many rows are made text before they are sent.
AT_ONCE = 500
#: Where a program may see a cell begin, whatever it parts cells by, and a formula in it.
_FORMULA = re.compile(
    r"(?:\A|(?<=[;\t\r\n]))(?=[^\S\r\n]*[\u200b\ufeff]*[=+\-@＝＋－＠])|\A(?=[\t\r])"
)


def escape_formula(value: Any) -> str:
    """The cell's words; before what a spreadsheet would take for a formula stands an apostrophe."""
    return _FORMULA.sub("'", str(value))


def download(name: str, rows: Iterable[Iterable[Any]]) -> Response:
    """The rows as a CSV file called `name`, with a mark by which spreadsheets know that it is
    UTF-8; sent as it is written.

    The request is over by then: rows that come from the database are read before.
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
