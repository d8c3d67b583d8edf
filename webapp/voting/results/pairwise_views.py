"""Views of the Schulze method: the places, the head-to-head table, and the strongest paths."""

from flask_babel import gettext as _

from ..ballots.ballot_texts import ordinal
from ..tally.outcome import Outcome
from .figures import Bar, ResultSection, ResultTable, TableCell, TableRow, percent
from .question import VoteQuestion


def sections(question: VoteQuestion, outcome: Outcome) -> list[ResultSection]:
    """Return the places as bars, the head-to-head table, and the strongest paths."""
    if not outcome.pairs:
        return []
    numbers = _order(outcome)
    return [part(question, outcome, numbers) for part in (_places, _against, _ways)]


def _order(outcome: Outcome) -> list[int]:
    return sorted(outcome.places, key=lambda n: (n not in outcome.leaders, outcome.places[n], n))


def _places(question: VoteQuestion, outcome: Outcome, numbers: list[int]) -> ResultSection:
    others = len(numbers) - 1
    bars = []
    for number in numbers:
        behind = sum(
            outcome.paths[number - 1][other - 1] > outcome.paths[other - 1][number - 1]
            for other in numbers
        )
        mark = _("Chosen") if question.is_counted and number in outcome.winners else ""
        bars.append(
            Bar(
                question.title(number),
                ordinal(outcome.places[number]),
                percent(behind, others),
                _("ahead of %(count)s of %(others)s", count=behind, others=others),
                0,
                number in outcome.leaders,
                mark,
            )
        )
    return ResultSection(
        "places",
        _("Places"),
        bars=bars,
        note=_("Each bar shows the share of the other options that this one is ahead of."),
    )


def _against(question: VoteQuestion, outcome: Outcome, numbers: list[int]) -> ResultSection:
    caption = _(
        "How many ballots rank the row above the column. Wins of the row are bold and tinted."
    )
    table = _table(question, outcome.pairs, numbers, _("Head-to-head table"), caption)
    lead = _("No option beats every other, so the strongest paths decide.")
    if outcome.condorcet is not None:
        lead = _("%(option)s beats every other option.", option=question.title(outcome.condorcet))
    return ResultSection("pairs", _("Head to head"), lead=lead, tables=(table,))


def _ways(question: VoteQuestion, outcome: Outcome, numbers: list[int]) -> ResultSection:
    caption = _(
        "The strength of the strongest path from the row to the column. A path is as strong as its "
        "weakest win."
    )
    table = _table(question, outcome.paths, numbers, _("Table of strongest paths"), caption)
    return ResultSection("paths", _("Strongest paths"), tables=(table,))


def _table(
    question: VoteQuestion,
    numbers_of: tuple[tuple[int, ...], ...],
    order: list[int],
    label: str,
    caption: str,
) -> ResultTable:
    def cell(row: int, column: int) -> TableCell:
        if row == column:
            return TableCell(_("itself"), kind="self")
        here, back = numbers_of[row - 1][column - 1], numbers_of[column - 1][row - 1]
        return TableCell(str(here), kind="win" if here > back else "")

    rows = [TableRow(question.title(row), [cell(row, column) for column in order]) for row in order]
    return ResultTable(label, caption, question.named(order), rows, "pairs")
