"""Read email addresses from pasted text or a CSV file: with names, brackets, quotes, any separator.

Anything that isn't an address keeps its line and a reason. Any column of a CSV may hold addresses.
"""

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from flask_babel import gettext as _

from ..core.http.errors import UserError
from ..core.text.strings import normalize_email
from ..core.text.typed import single_line
from ..mail.addresses import APOSTROPHES, LONGEST_NAME, mailable

#: Characters of other keyboards, and those that copying leaves behind.
_ALIKE = {"＠": "@", "，": ",", "；": ";", "、": ",", "＜": "<", "＞": ">", "〈": "<", "〉": ">"}
_QUOTES = dict.fromkeys("“”„«»", '"')
_UNSEEN = (
    "\u200b\u200c\u200d\u2060\ufeff\u00ad"
    "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
_SIGNS = str.maketrans(_ALIKE | APOSTROPHES | _QUOTES | dict.fromkeys(_UNSEEN, ""))
_PIECES = re.compile(r'((?:"[^"]*"|<[^<>]*>|[^,;\t])+)')
_BRACKETS = re.compile(r"<([^<>]*)>")
_MAILTO = re.compile(r"^mailto:", re.IGNORECASE)
_AROUND = " \"'`()[]{}<>.,:;!*|"
SHOWN = 80

PROVIDERS = (
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "hotmail.com",
    "yahoo.com",
    "icloud.com",
    "proton.me",
    "protonmail.com",
    "gmx.net",
    "web.de",
    "t-online.de",
    "orange.fr",
    "libero.it",
    "mail.ru",
)
#: Real ones that look like typos.
ALSO_REAL = {"mail.com", "ymail.com"}
#: Typos of `.com` and `.org`.
_ENDINGS = {
    "con": "com",
    "cmo": "com",
    "ocm": "com",
    "comm": "com",
    "vom": "com",
    "xom": "com",
    "ogr": "org",
    "orgg": "org",
}


class Piece(NamedTuple):
    """Text that may contain addresses, its line number, and whether it is from the file."""

    line: int
    text: str
    in_file: bool = False


class InvitedAddress(NamedTuple):
    """A normalized address, its line, and the address that was perhaps meant."""

    address: str
    line: int
    in_file: bool = False
    meant: str = ""


class InvalidAddress(NamedTuple):
    """Text that isn't an address, its line, and why."""

    text: str
    line: int
    in_file: bool
    reason: str


@dataclass
class ParsedAddresses:
    """The result: each address once, duplicates, possible typos, and invalid text."""

    valid: list[InvitedAddress] = field(default_factory=list)
    doubtful: list[InvitedAddress] = field(default_factory=list)
    duplicates: list[InvitedAddress] = field(default_factory=list)
    invalid: list[InvalidAddress] = field(default_factory=list)

    @property
    def all(self) -> list[InvitedAddress]:
        """All addresses, including possible typos."""
        return [*self.valid, *self.doubtful]


def lines_of(text: str) -> list[Piece]:
    """Split typed or pasted text into lines."""
    return [Piece(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]


def parse(pieces: Iterable[Piece]) -> ParsedAddresses:
    """Return all addresses in the pieces, in order, and what else there was."""
    found, seen = ParsedAddresses(), set()
    for piece in pieces:
        candidates = _candidates(piece.text.translate(_SIGNS))
        if not candidates:
            found.invalid.append(_odd(piece, piece.text, _("It doesn’t contain an email address.")))
        for candidate in candidates:
            try:
                address = mailable(candidate)
            except UserError as refused:
                reason = _reason(candidate) or refused.message
                found.invalid.append(_odd(piece, candidate, reason))
                continue
            meant = _meant(address)
            entry = InvitedAddress(address, piece.line, piece.in_file, meant)
            (
                found.duplicates if address in seen else found.doubtful if meant else found.valid
            ).append(entry)
            seen.add(address)
    return found


def _candidates(line: str) -> list[str]:
    """Parts of the line that look like addresses; names and notes beside one are ignored."""
    if line.count('"') % 2:
        line = line.replace('"', " ")
    return [candidate for part in _PIECES.findall(line) for candidate in _in_part(part)]


def _in_part(part: str) -> list[str]:
    bracketed = [inside for inside in _BRACKETS.findall(part) if inside.strip()]
    words = bracketed if any("@" in inside for inside in bracketed) else part.split()
    return [bare for word in words if "@" in word and (bare := _bare(word))]


def _bare(word: str) -> str:
    word = word.strip(_AROUND)
    if _MAILTO.match(word):
        word = _MAILTO.sub("", word).partition("?")[0]
    return word.strip(_AROUND)


def _odd(piece: Piece, text: str, reason: str) -> InvalidAddress:
    words = single_line(text) or ""
    return InvalidAddress(
        words if len(words) <= SHOWN else words[: SHOWN - 1] + "…",
        piece.line,
        piece.in_file,
        reason,
    )


def _reason(candidate: str) -> str:
    name, _at, domain = candidate.partition("@")
    if normalize_email(candidate) is not None or len(name) > LONGEST_NAME:
        return ""  # it looks like an address: the refusal says more
    if "@" in domain:
        return _("It has two @ signs.")
    if not name or not domain:
        return _("There’s nothing on one side of the @.")
    if "." not in domain:
        return _("The part after the @ needs an ending, such as .org.")
    return _("It contains a character that isn’t allowed in an email address.")


def _meant(address: str) -> str:
    """The address that was perhaps meant if this one looks like a typo, else ""."""
    name, _at, domain = address.rpartition("@")
    stem, _dot, ending = domain.rpartition(".")
    if ending in _ENDINGS:
        return f"{name}@{stem}.{_ENDINGS[ending]}"
    if domain in PROVIDERS or domain in ALSO_REAL:
        return ""
    near = next((known for known in PROVIDERS if _is_a_slip(domain, known)), "")
    return f"{name}@{near}" if near else ""


def _is_a_slip(typed: str, known: str) -> bool:
    """Whether the two differ by one character added, missing or replaced, or by two swapped."""
    if abs(len(typed) - len(known)) > 1 or len(known) < 7:
        return False
    start = next(
        (n for n, (a, b) in enumerate(zip(typed, known, strict=False)) if a != b),
        min(len(typed), len(known)),
    )
    rest, wanted = typed[start:], known[start:]
    swapped = rest[:2] == wanted[:2][::-1] and rest[2:] == wanted[2:]
    return swapped or rest[1:] == wanted[1:] or rest[1:] == wanted or rest == wanted[1:]


#: The largest table that is read, in bytes and in lines.
MOST_CELLS, MOST_LINES = 1024 * 1024, 5000
_SEPARATORS = ",;\t"
_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


def pieces_of(content: bytes) -> list[Piece]:
    """Return the cells that may contain addresses with their lines; for lines without any, the
    whole line.

    The heading is skipped. Raises UserError if the file isn't such a table.
    """
    if not content:
        return []
    text = _sheet_text(content)
    separator, text, skipped = _separator(text)
    pieces: list[Piece] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for number, row in enumerate(reader):
            if number >= MOST_LINES:
                raise UserError(
                    _(
                        "This table has more than %(most)s lines. Upload a shorter one.",
                        most=MOST_LINES,
                    ),
                    "file",
                )
            pieces += _in_row(row, reader.line_num + skipped, is_first=number == 0)
    except csv.Error:
        raise UserError(_no_table(), "file") from None
    return pieces


def _in_row(row: list[str], line: int, is_first: bool) -> list[Piece]:
    cells = [cell for cell in row if "@" in cell or "＠" in cell]
    if cells:
        return [Piece(line, cell, in_file=True) for cell in cells]
    words = " ".join(cell.strip() for cell in row if cell.strip())
    return [Piece(line, words, in_file=True)] if words and not is_first else []


def _sheet_text(content: bytes) -> str:
    encoding = next((name for mark, name in _BYTE_ORDER_MARKS if content.startswith(mark)), "")
    for attempt in (encoding,) if encoding else ("utf-8", "cp1252", "latin-1"):
        try:
            text = content.decode(attempt)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise UserError(_no_table(), "file")


def _separator(text: str) -> tuple[str, str, int]:
    """The separator, the text without a line that declares it, and the number of lines removed."""
    first, _break, rest = text.partition("\n")
    named = first.strip().strip('"').lower()
    if named.startswith("sep=") and named[4:5] in _SEPARATORS and named[4:5]:
        return named[4], rest, 1
    begin = text[:4096]
    return max(_SEPARATORS, key=begin.count), text, 0


def _no_table() -> str:
    return _("We can’t read this file. Save the table as CSV and upload that.")
