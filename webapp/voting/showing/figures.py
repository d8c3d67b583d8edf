"""What a result is drawn from: bars, tables and stages, in words and lengths, for templates that
know no kind of vote.
"""

from typing import NamedTuple


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


class Cell(NamedTuple):
    """What stands in a table; `more` is smaller and below.

    `kind`: win, self, said (for readers of screens alone) or nothing.
    """

    words: str
    more: str = ""
    kind: str = ""


class Row(NamedTuple):
    """A line of a table; `kind`: win, out or nothing."""

    title: str
    cells: list[Cell]
    kind: str = ""


class Table(NamedTuple):
    """Numbers under headings; `label` names it for those who come to it by keyboard, `kind` is
    rounds or pairs.
    """

    label: str
    caption: str
    head: list[str]
    rows: list[Row]
    kind: str = "rounds"
    corner: str = ""


class Stage(NamedTuple):
    """What happened in one stage, and how the options then stood; `limit` is where a dashed line
    stands, in percent.
    """

    title: str
    words: list[str]
    bars: list[Bar]
    limit: float = 0


class Section(NamedTuple):
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
    tables: tuple[Table, ...] = ()
    summary: str = ""
    stages: tuple[Stage, ...] | list[Stage] = ()
    stages_note: str = ""


def percent(part: object, whole: object) -> float:
    """How long a bar is: one decimal, and nothing where there is no whole."""
    return round(100 * float(part) / float(whole), 1) if whole else 0  # type: ignore[arg-type]
