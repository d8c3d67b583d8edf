"""Building blocks of a displayed result: bars, tables and stages, with texts and lengths, for
templates that know no kind of vote.
"""

from fractions import Fraction
from typing import NamedTuple

from ..tally.exports import PLACES, cut


class Bar(NamedTuple):
    """An option's bar: `number` and `share` as text, `percent` its length, `also` the length of a
    second part.
    `mark`: a label such as “Elected”; leading options are `is_first`.
    """

    title: str
    number: str
    percent: float
    share: str = ""
    also: float = 0
    is_first: bool = False
    mark: str = ""


class TableCell(NamedTuple):
    """A cell of a table; `more` is a smaller second line.
    `kind`: win, self, sr (for screen readers only) or "".
    """

    words: str
    more: str = ""
    kind: str = ""


class TableRow(NamedTuple):
    """A row of a table; `kind`: win, out or ""."""

    title: str
    cells: list[TableCell]
    kind: str = ""


class ResultTable(NamedTuple):
    """A table of numbers; `label` names it for keyboard and screen reader users, `kind` is rounds
    or pairs.
    """

    label: str
    caption: str
    head: list[str]
    rows: list[TableRow]
    kind: str = "rounds"
    corner: str = ""


class StageFigure(NamedTuple):
    """A stage and its totals; `limit`: the position of a dashed line, in percent."""

    title: str
    words: list[str]
    bars: list[Bar]
    limit: float = 0


class ResultSection(NamedTuple):
    """A section of the result with its own heading.
    `summary`: the label of the collapsed element that holds the tables.
    """

    id: str
    title: str
    aside: str = ""
    lead: str = ""
    bars: tuple[Bar, ...] | list[Bar] = ()
    limit: float = 0
    note: str = ""
    tables: tuple[ResultTable, ...] = ()
    summary: str = ""
    stages: tuple[StageFigure, ...] | list[StageFigure] = ()
    stages_note: str = ""


def percent(part: object, whole: object) -> float:
    """Return the length of a bar, with one decimal; 0 if the whole is 0."""
    return round(100 * float(part) / float(whole), 1) if whole else 0  # type: ignore[arg-type]


def decimal(number: int | Fraction, places: int = PLACES) -> str:
    """Return the number with five decimals, truncated; whole numbers without decimals."""
    return cut(number, places).replace("-", "−")


def signed(number: int | Fraction) -> str:
    """Return the same with its sign, for votes transferred to an option or away from it."""
    return f"+{decimal(number)}" if number > 0 else decimal(number)


def mean_of(number: Fraction) -> str:
    """Return a mean with two decimals, truncated."""
    return f"{int(100 * number) // 100}.{int(100 * number) % 100:02d}"
