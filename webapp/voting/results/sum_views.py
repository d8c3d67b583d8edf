"""Views of results that are sums: single choice, approval, scores and dots, answers to a proposal,
and date polls.
"""

from collections.abc import Callable

from flask_babel import gettext as _

from ..ballots.ballot_texts import ANSWERS
from ..tally.outcome import Outcome
from ..tally.rules import CHOICE, CHOICES, DATES, KINDS, POINTS, SPREAD, STARS, WORD
from .figures import Bar, ResultSection, ResultTable, TableCell, TableRow, mean_of, percent
from .question import VoteQuestion
from .shares import shares, threshold_share


def sections(question: VoteQuestion, outcome: Outcome) -> list[ResultSection]:
    """Return the bars with their table; nothing if ballots rank the options."""
    showing = _SHOWING.get(KINDS[outcome.kind].ballot)
    return [showing(question, outcome)] if showing is not None else []


def order(question: VoteQuestion, outcome: Outcome) -> list[int]:
    """Return the options in the question's order; once counted, winners and the greatest sums
    first.
    """
    numbers = sorted(outcome.totals)
    if question.is_counted:
        numbers.sort(
            key=lambda number: (
                number not in outcome.winners,
                number not in outcome.leaders,
                -outcome.totals[number],
            )
        )
    return numbers


def is_first(question: VoteQuestion, outcome: Outcome, number: int) -> bool:
    """Whether the option leads. While voting is open, all that are tied for the lead do."""
    if question.is_counted or not outcome.leaders:
        return number in outcome.leaders
    return 0 < outcome.totals[number] == max(outcome.totals.values())


def mark(question: VoteQuestion, outcome: Outcome, number: int) -> str:
    """Return the label of the option's chip."""
    return _("Chosen") if question.is_counted and number in outcome.winners else ""


def _bar(
    question: VoteQuestion, outcome: Outcome, number: int, most: int, words: str, part: str = ""
) -> Bar:
    return Bar(
        title=question.title(number),
        number=words,
        percent=percent(outcome.totals[number], most),
        share=part,
        is_first=is_first(question, outcome, number),
        mark=mark(question, outcome, number),
    )


def _row(question: VoteQuestion, outcome: Outcome, number: int, *words: str) -> TableRow:
    return TableRow(
        question.title(number),
        [TableCell(word) for word in words],
        "win" if mark(question, outcome, number) else "",
    )


def _limit(outcome: Outcome, whole: int) -> float:
    """The position of the threshold's dashed line, on bars of length `whole`."""
    return min(percent(outcome.bar.needed, whole), 100.0) if outcome.bar is not None else 0


def _chosen(question: VoteQuestion, outcome: Outcome) -> ResultSection:
    """Single choice and approval: shares of the ballots that chose something."""
    numbers = order(question, outcome)
    part = shares(
        outcome.totals, outcome.valid, threshold_share(question.rules, outcome.bar, outcome.valid)
    )
    caption = _("Share of the ballots that chose something.")
    if KINDS[outcome.kind].ballot == CHOICES:
        caption = _(
            "Share of the ballots that chose something. One ballot can choose several options."
        )
    rows = [
        _row(question, outcome, number, str(outcome.totals[number]), part[number])
        for number in numbers
    ]
    bars = [
        _bar(question, outcome, number, outcome.valid, str(outcome.totals[number]), part[number])
        for number in numbers
    ]
    head = [_("Ballots"), _("Share")]
    return _section(
        bars,
        _table(caption, head, [*rows, _blank(outcome, 1)]),
        _limit(outcome, outcome.valid),
    )


def _scores(question: VoteQuestion, outcome: Outcome) -> ResultSection:
    """Scores and stars: sums and averages."""
    numbers, most = order(question, outcome), outcome.valid * question.rules.highest
    mean = {number: mean_of(outcome.mean(number)) for number in numbers}
    points = {number: str(outcome.totals[number]) for number in numbers}
    bars = [
        _bar(
            question,
            outcome,
            number,
            most,
            points[number],
            _("average %(mean)s", mean=mean[number]),
        )
        for number in numbers
    ]
    head, full = [_("Points"), _("Average")], question.rules.highest
    caption = _(
        "The average covers all ballots that scored anything. A full bar means they all gave "
        "%(most)s.",
        most=full,
    )
    rows = [_row(question, outcome, number, points[number], mean[number]) for number in numbers]
    if outcome.fives:
        head.append(_("Fives"))
        rows = [
            row._replace(cells=[*row.cells, TableCell(str(outcome.fives.get(number, 0)))])
            for row, number in zip(rows, numbers, strict=True)
        ]
    return _section(bars, _table(caption, head, [*rows, _blank(outcome, len(head) - 1)]))


def _dots(question: VoteQuestion, outcome: Outcome) -> ResultSection:
    numbers, all_of_them = order(question, outcome), sum(outcome.totals.values())
    part = shares(outcome.totals, all_of_them)
    bars = [
        _bar(question, outcome, number, all_of_them, str(outcome.totals[number]), part[number])
        for number in numbers
    ]
    rows = [
        _row(question, outcome, number, str(outcome.totals[number]), part[number])
        for number in numbers
    ]
    caption = _("Share of all dots given.")
    return _section(bars, _table(caption, [_("Dots"), _("Share")], rows))


def _words(question: VoteQuestion, outcome: Outcome) -> ResultSection:
    """One word: how many ballots gave which answer."""
    counts = [(str(ANSWERS[word]), number) for word, number in outcome.answers.items()]
    part = shares(
        dict(enumerate(outcome.answers.values())),
        outcome.cast,
        threshold_share(question.rules, outcome.bar, outcome.cast),
    )
    bars = [
        Bar(words, str(number), percent(number, outcome.cast), is_first=place == 0)
        for place, (words, number) in enumerate(counts)
    ]
    rows = [
        TableRow(words, [TableCell(str(number)), TableCell(part[place])])
        for place, (words, number) in enumerate(counts)
    ]
    return _section(
        bars, _table(_("Share of everyone who voted."), [_("Ballots"), _("Share")], rows)
    )


def _dates(question: VoteQuestion, outcome: Outcome) -> ResultSection:
    """A date poll: yes as the bar, if need be as its dotted end."""
    numbers, bars, rows = order(question, outcome), [], []
    for number in numbers:
        yes, maybe, no = outcome.dates[number]
        words = _("%(yes)s yes · %(maybe)s if need be", yes=yes, maybe=maybe)
        bar = _bar(question, outcome, number, outcome.valid, words)
        bars.append(
            bar._replace(percent=percent(yes, outcome.valid), also=percent(maybe, outcome.valid))
        )
        rows.append(
            _row(question, outcome, number, str(yes), str(maybe), str(no), str(yes + maybe))
        )
    head = [_("Yes"), _("If need be"), _("No"), _("Can come")]
    note = _("The dotted part can come if need be.")
    return _section(bars, _table(_("A date left blank counts as “no”."), head, rows))._replace(
        note=note
    )


def _table(caption: str, head: list[str], rows: list[TableRow]) -> ResultTable:
    return ResultTable(_("Results table"), caption, head, rows, corner=_("Option"))


def _blank(outcome: Outcome, more: int) -> TableRow:
    return TableRow(_("Abstained"), [TableCell(str(outcome.blank)), *[TableCell("")] * more], "out")


def _section(bars: list[Bar], table: ResultTable, limit: float = 0) -> ResultSection:
    note = _("The dashed line shows what was needed.") if limit else ""
    return ResultSection(
        "sums", "", bars=bars, limit=limit, note=note, tables=(table,), summary=_("As a table")
    )


_SHOWING: dict[str, Callable[[VoteQuestion, Outcome], ResultSection]] = {
    **dict.fromkeys((CHOICE, CHOICES), _chosen),
    **dict.fromkeys((POINTS, STARS), _scores),
    SPREAD: _dots,
    WORD: _words,
    DATES: _dates,
}
