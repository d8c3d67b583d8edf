"""Results by the Schulze method: who beats whom, the strongest paths, and the places."""

from flask_babel import gettext as _

from ..tally.outcome import Outcome
from .figures import Bar, Cell, Row, Section, Table, percent
from .question import Question


def sections(question: Question, outcome: Outcome) -> list[Section]:
    """The places as bars, then every pair, then the paths, which matter where there is no clear
    best.
    """
    if not outcome.pairs:
        return []
    numbers = _order(outcome)
    return [part(question, outcome, numbers) for part in (_places, _against, _ways)]


def _order(outcome: Outcome) -> list[int]:
    return sorted(
        outcome.places,
        key=lambda number: (number not in outcome.leaders, outcome.places[number], number),
    )


def _places(question: Question, outcome: Outcome, numbers: list[int]) -> Section:
    others = len(numbers) - 1
    bars = []
    for number in numbers:
        behind = sum(
            outcome.paths[number - 1][other - 1] > outcome.paths[other - 1][number - 1]
            for other in numbers
        )
        words = _("place %(place)s", place=outcome.places[number])
        said = _("ahead of %(count)s of %(others)s", count=behind, others=others)
        mark = _("Chosen") if question.is_counted and number in outcome.winners else ""
        bars.append(
            Bar(
                question.title(number),
                words,
                percent(behind, others),
                said,
                0,
                number in outcome.leaders,
                mark,
            )
        )
    return Section(
        "places",
        _("Places"),
        bars=bars,
        note=_("A bar is as long as the part of the others that the option is ahead of."),
    )


def _against(question: Question, outcome: Outcome, numbers: list[int]) -> Section:
    caption = _(
        "How many ballots put the row above the column. Bold and tinted where the row wins."
    )
    table = _table(question, outcome.pairs, numbers, _("Table of pairs"), caption)
    lead = _("No option beats each of the others, so the strongest paths decide.")
    if outcome.condorcet is not None:
        lead = _("%(option)s beats each of the others.", option=question.title(outcome.condorcet))
    return Section("pairs", _("One against one"), lead=lead, tables=(table,))


def _ways(question: Question, outcome: Outcome, numbers: list[int]) -> Section:
    """Closed at first where nobody needs them."""
    caption = _(
        "How strong the strongest path from the row to the column is: as strong as the weakest "
        "win on it."
    )
    table = _table(question, outcome.paths, numbers, _("Table of strongest paths"), caption)
    summary = _("As a table") if outcome.condorcet is not None else ""
    return Section("paths", _("Strongest paths"), tables=(table,), summary=summary)


def _table(
    question: Question,
    numbers_of: tuple[tuple[int, ...], ...],
    order: list[int],
    label: str,
    caption: str,
) -> Table:
    def cell(row: int, column: int) -> Cell:
        if row == column:
            return Cell(_("itself"), kind="self")
        here, back = numbers_of[row - 1][column - 1], numbers_of[column - 1][row - 1]
        return Cell(str(here), kind="win" if here > back else "")

    rows = [Row(question.title(row), [cell(row, column) for column in order]) for row in order]
    return Table(label, caption, question.named(order), rows, "pairs")
