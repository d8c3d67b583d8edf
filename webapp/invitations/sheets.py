"""A table of people as a spreadsheet writes it: any column may hold addresses."""

import csv
import io

from flask_babel import gettext as _

from ..core.errors import RuleBroken
from .addresses import Piece

#: The largest table that is read, in bytes and in lines.
MOST, MOST_LINES = 1024 * 1024, 5000
_SEPARATORS = ",;\t"
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def pieces_of(content: bytes) -> list[Piece]:
    """The cells that may hold addresses, each with its line; of a line without any, the whole. The
    heading is passed over.

    Raises RuleBroken for what is no such table.
    """
    if not content:
        return []
    text = _text(content)
    separator, text, skipped = _separator(text)
    pieces: list[Piece] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for number, row in enumerate(reader):
            if number >= MOST_LINES:
                raise RuleBroken(
                    _(
                        "This table has more than %(most)s lines. Send a shorter one.",
                        most=MOST_LINES,
                    ),
                    "file",
                )
            pieces += _in_row(row, reader.line_num + skipped, is_first=number == 0)
    except csv.Error:
        raise RuleBroken(_no_table(), "file") from None
    return pieces


def _in_row(row: list[str], line: int, is_first: bool) -> list[Piece]:
    cells = [cell for cell in row if "@" in cell or "＠" in cell]
    if cells:
        return [Piece(line, cell, in_file=True) for cell in cells]
    words = " ".join(cell.strip() for cell in row if cell.strip())
    return [Piece(line, words, in_file=True)] if words and not is_first else []


def _text(content: bytes) -> str:
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "")
    for attempt in (encoding,) if encoding else ("utf-8", "cp1252", "latin-1"):
        try:
            text = content.decode(attempt)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise RuleBroken(_no_table(), "file")


def _separator(text: str) -> tuple[str, str, int]:
    """What parts the cells, the table without a line that says so, and how many lines that were."""
    first, _break, rest = text.partition("\n")
    named = first.strip().strip('"').lower()
    if named.startswith("sep=") and named[4:5] in _SEPARATORS and named[4:5]:
        return named[4], rest, 1
    begin = text[:4096]
    return max(_SEPARATORS, key=begin.count), text, 0


def _no_table() -> str:
    return _("We cannot read this file. Save the table as CSV and send that.")
