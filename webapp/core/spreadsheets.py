"""Tables that people open in a spreadsheet."""

import csv
import io
from collections.abc import Iterable
from typing import Any

from flask import Response

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def harmless(value: Any) -> str:
    """The cell's words; where a spreadsheet would take them for a formula, an apostrophe stands before them."""
    words = str(value)
    return f"'{words}" if words.lstrip(" ").startswith(_FORMULA) else words


def download(name: str, rows: Iterable[Iterable[Any]]) -> Response:
    """The rows as a CSV file called `name`, with a mark by which spreadsheets know that it is UTF-8."""
    file = io.StringIO()
    csv.writer(file).writerows([harmless(cell) for cell in row] for row in rows)
    response = Response("\ufeff" + file.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
