"""What a result is drawn from: bars, tables and stages, in words and lengths, for templates that
know no kind of vote.
"""

from fractions import Fraction
from typing import NamedTuple

from ..tally.exports import PLACES, cut


class Bar(NamedTuple):
    """An option with what it got: `number` and `share` in words, `percent` how long it is, `also`
    how far a second part goes on.

    `mark` names what became of it, such as “Elected”; those on top are `is_first`.
    """

    title: str
    number: str
    percent: float
    share: str = ""
    also: float = 0
    is_first: bool = False
    mark: str = ""


class TableCell(NamedTuple):
    """What is in a table; `more` is smaller and below.

    `kind`: win, self, said (for readers of screens alone) or nothing.
    """

    words: str
    more: str = ""
    kind: str = ""


class TableRow(NamedTuple):
    """A line of a table; `kind`: win, out or nothing."""

    title: str
    cells: list[TableCell]
    kind: str = ""


class ResultTable(NamedTuple):
    """Numbers under headings; `label` names it for those who come to it by keyboard, `kind` is
    rounds or pairs.
    """

    label: str
    caption: str
    head: list[str]
    rows: list[TableRow]
    kind: str = "rounds"
    corner: str = ""


class StageFigure(NamedTuple):
    """What happened in one stage, and how the options then stood; `limit` is where a dashed line
    stands, in percent.
    """

    title: str
    words: list[str]
    bars: list[Bar]
    limit: float = 0


class ResultSection(NamedTuple):
    """A part of the result under a heading of its own.

    `summary`: the tables stand behind these words, closed at first.
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
    """How long a bar is: one decimal, and nothing where there is no whole."""
    return round(100 * float(part) / float(whole), 1) if whole else 0  # type: ignore[arg-type]


def decimal(number: int | Fraction, places: int = PLACES) -> str:
    """The number with five decimals, the rest cut off; whole numbers without any."""
    return cut(number, places).replace("-", "−")


def signed(number: int | Fraction) -> str:
    """The same with its sign: what moved to an option, or away from it."""
    return f"+{decimal(number)}" if number > 0 else decimal(number)


def mean_of(number: Fraction) -> str:
    """A mean with two decimals, the rest cut off."""
    return f"{int(100 * number) // 100}.{int(100 * number) % 100:02d}"
