"""Views of results counted in stages: instant runoff, STV, and STAR's runoff."""

from dataclasses import replace
from fractions import Fraction

from flask_babel import gettext as _, ngettext

from ...core.i18n import enumerated
from ..tally.outcome import EXCLUSION, SURPLUS, SURPLUS_FIRST, Outcome, Stage as Counted, Tie
from ..tally.rules import IRV, STAR, STV
from ..tally.thresholds import deciding
from . import ties
from .figures import (
    Bar,
    ResultSection,
    ResultTable,
    StageFigure,
    TableCell,
    TableRow,
    decimal,
    percent,
    signed,
)
from .question import VoteQuestion
from .shares import shares_in_stage

#: How many stages are drawn; the table has all of them.
DRAWN = 12


def sections(question: VoteQuestion, outcome: Outcome) -> list[ResultSection]:
    """Return the last stage, and all stages as a table and as charts. An instant runoff ends with
    the stage that decides: after a tie of the last two, their votes say nothing more.
    """
    if not outcome.stages:
        return []
    if outcome.kind == IRV:
        outcome = replace(outcome, stages=outcome.stages[: deciding(outcome) + 1])
    return (
        [_runoff(question, outcome)]
        if outcome.kind == STAR
        else [_last(question, outcome), _all(question, outcome)]
    )


def _runoff(question: VoteQuestion, outcome: Outcome) -> ResultSection:
    last = outcome.stages[-1]
    both = sorted(
        last.totals, key=lambda number: (number not in outcome.leaders, -last.totals[number])
    )
    whole = Fraction(outcome.valid)
    part = shares_in_stage(question.rules, outcome, last, both, whole)
    bars = [_bar(question, outcome, last, number, whole, part) for number in both]
    level = int(last.lost)
    note = (
        ngettext(
            "%(num)d ballot scores both the same.", "%(num)d ballots score both the same.", level
        )
        if level
        else ""
    )
    lead = _(
        "The two options with the most stars go to a runoff. Each ballot counts for the one it "
        "scores higher."
    )
    return ResultSection("runoff", _("Runoff"), lead=lead, bars=bars, note=note)


def _last(question: VoteQuestion, outcome: Outcome) -> ResultSection:
    """The totals at the top of a result: options not yet eliminated in the last stage."""
    at = len(outcome.stages) - 1
    stage, last = _drawn(question, outcome, at + 1), outcome.stages[at]
    if outcome.kind == STV:
        aside = ngettext("%(num)d seat", "%(num)d seats", question.rules.seats)
        note = _(
            "The dashed line shows the quota, %(votes)s.",
            votes=ngettext("%(num)s vote", "%(num)s votes", outcome.quota),
        )
    else:
        aside = _("%(needed)s needed", needed=int(sum(last.totals.values())) // 2 + 1)
        note = _("The dashed line shows half of the ballots that still count.")
    gone = _without(last)
    title = _("Last round") if at else _("First round")
    return ResultSection(
        "last", title, aside, bars=stage.bars, limit=stage.limit, note=f"{note} {gone}".strip()
    )


def _without(stage: Counted) -> str:
    """Return how many votes are non-transferable, as a sentence."""
    if not stage.non_transferable:
        return ""
    lost = stage.non_transferable
    if lost.denominator == 1:
        return ngettext(
            "%(num)d ballot has no further choice.",
            "%(num)d ballots have no further choice.",
            int(lost),
        )
    return _("%(fraction)s votes have no further choice.", fraction=decimal(lost))


def _all(question: VoteQuestion, outcome: Outcome) -> ResultSection:
    count = len(outcome.stages)
    drawn = range(max(1, count - DRAWN + 1), count + 1)
    note = _(
        "The chart shows the last %(drawn)s of %(count)s. The table shows them all.",
        drawn=DRAWN,
        count=count,
    )
    caption = _(
        "In each round the option with the fewest ballots drops out, and its ballots move to their "
        "next choice."
    )
    if outcome.kind == STV:
        caption = _(
            "In each round the greatest surplus moves on. If there’s none, the option with the "
            "fewest votes drops out."
        )
    head = [_("Round %(number)s", number=number) for number in range(1, count + 1)]
    table = ResultTable(
        _("Table of rounds"), caption, head, _rows(question, outcome), corner=_("Option")
    )
    return ResultSection(
        "rounds",
        _("Round by round"),
        tables=(table,),
        stages=[_drawn(question, outcome, number) for number in drawn],
        stages_note=note if count > DRAWN else "",
    )


def _rows(question: VoteQuestion, outcome: Outcome) -> list[TableRow]:
    """A row for each option, elected ones first, then by how long they stayed in; last the
    non-transferable votes.
    """
    left = _left(outcome)
    last = outcome.stages[-1].totals

    def place(number: int) -> tuple[int, int, Fraction, int]:
        led = outcome.leaders.index(number) if number in outcome.leaders else len(outcome.leaders)
        return led, -left.get(number, len(outcome.stages)), -last[number], number

    rows = [
        TableRow(
            question.title(number),
            _cells(outcome, number, left.get(number)),
            _kind(outcome, number, left),
        )
        for number in sorted(question.rules.numbers, key=place)
    ]
    lost = [
        TableCell(decimal(stage.non_transferable), signed(stage.lost) if stage.lost else "")
        for stage in outcome.stages
    ]
    return [*rows, TableRow(_("No further choice"), lost, "out")]


def _left(outcome: Outcome) -> dict[int, int]:
    """Eliminated option -> index of its stage."""
    return {
        stage.option: at
        for at, stage in enumerate(outcome.stages)
        if stage.action == EXCLUSION and stage.option
    }


def _kind(outcome: Outcome, number: int, left: dict[int, int]) -> str:
    if number in outcome.leaders:
        return "win"
    return "out" if number in left else ""


def _cells(outcome: Outcome, number: int, out: int | None) -> list[TableCell]:
    """Return what an option had in each stage, until it was eliminated."""
    within = len(outcome.stages) if out is None else out
    cells = [_cell(outcome, at, number) for at in range(within)]
    gone = len(outcome.stages) - within
    return (
        cells
        if not gone
        else [*cells, TableCell("", _("out")), *[TableCell(_("out"), kind="sr")] * (gone - 1)]
    )


def _cell(outcome: Outcome, at: int, number: int) -> TableCell:
    stage = outcome.stages[at]
    moved = stage.transfers.get(number, Fraction(0))
    if stage.action == SURPLUS and stage.option == number:
        moved = stage.totals[number] - outcome.stages[at - 1].totals[number]
    parts = [signed(moved)] if moved else []
    if outcome.kind == STV and number in stage.elected:
        parts.append(_("elected"))
    return TableCell(decimal(stage.totals[number]), " · ".join(parts))


def _drawn(question: VoteQuestion, outcome: Outcome, number: int) -> StageFigure:
    """A stage as a chart; `number` counts from 1."""
    stage = outcome.stages[number - 1]
    left = _left(outcome)
    within = sorted(
        (one for one in stage.totals if left.get(one, number) >= number),
        key=lambda one: (-stage.totals[one], one not in outcome.leaders, one),
    )
    if outcome.quota is not None:
        whole = max(
            Fraction(outcome.quota), *outcome.stages[0].totals.values(), *stage.totals.values()
        )
        limit = percent(outcome.quota, whole)
    else:
        whole, limit = sum((stage.totals[one] for one in within), Fraction(0)), 50.0
    texts = _happened(question, outcome, number - 1)
    part = shares_in_stage(question.rules, outcome, stage, within, whole)
    bars = [_bar(question, outcome, stage, one, whole, part, number) for one in within]
    return StageFigure(_("Round %(number)s", number=number), texts, bars, limit)


def _happened(question: VoteQuestion, outcome: Outcome, at: int) -> list[str]:
    """Return what happened in this stage, in sentences."""
    stage = outcome.stages[at]
    option, moves = question.title(stage.option) if stage.option else "", _moves(question, stage)
    tie = next((tie for tie in outcome.ties if tie.stage == at + 1), None)
    if stage.action == EXCLUSION:
        if tie is None:
            why = _("%(option)s has the fewest votes and drops out.", option=option)
        else:
            why = _tied(question, outcome, tie)
        texts = [f"{why} {moves}"]
    elif stage.action == SURPLUS:
        texts = [] if tie is None else [_tied(question, outcome, tie)]
        texts.append(
            _(
                "The surplus of %(option)s above the quota moves on. %(moves)s",
                option=option,
                moves=moves,
            )
        )
    else:
        texts = [_("Each ballot counts for its first choice.")]
    if outcome.kind == STV:
        elected = (
            _("%(option)s is elected.")
            if outcome.winners and question.is_counted
            else _("%(option)s would be elected.")
        )
        return texts + [elected % {"option": question.title(number)} for number in stage.elected]
    if at == len(outcome.stages) - 1 and outcome.leaders:
        texts.append(_ends(question, outcome, stage))
    return texts


def _tied(question: VoteQuestion, outcome: Outcome, tie: Tie) -> str:
    """Return who was tied and, once the lot is drawn, what decided."""
    if question.is_counted:
        return ties.sentence_of({**ties.described(question, outcome, tie), "round": 0})
    options = enumerated(question.named(tie.who))
    if tie.where == SURPLUS_FIRST:
        return _("%(options)s have the same surplus.", options=options)
    picked = enumerated(question.named(tie.picked))
    return _("%(options)s are tied. For now %(picked)s drops out.", options=options, picked=picked)


def _ends(question: VoteQuestion, outcome: Outcome, stage: Counted) -> str:
    """Return why an instant runoff ends with this stage."""
    leader = outcome.leaders[0]
    if 2 * stage.totals[leader] > sum(stage.totals.values()):
        return _(
            "%(option)s has more than half of the ballots that still count.",
            option=question.title(leader),
        )
    return _tied(question, outcome, outcome.ties[-1])


def _moves(question: VoteQuestion, stage: Counted) -> str:
    """Return where votes were transferred: “15 to Knoxville, 2 with no further choice.”"""
    gains = sorted((one for one in stage.transfers.items() if one[1] > 0), key=lambda one: -one[1])
    parts = [
        _("%(number)s to %(option)s", number=decimal(got), option=question.title(number))
        for number, got in gains
    ]
    if stage.lost:
        parts.append(_("%(number)s with no further choice", number=decimal(stage.lost)))
    return f"{', '.join(parts)}." if parts else _("It had no votes.")


def _bar(
    question: VoteQuestion,
    outcome: Outcome,
    stage: Counted,
    one: int,
    whole: Fraction,
    part: dict[int, str],
    number: int = 0,
) -> Bar:
    """An option's bar at the end of a stage; `number` is the stage's, from 1; 0 for the last stage
    alone.
    """
    stages = outcome.stages[: number or len(outcome.stages)]
    # A tie of the last two of an instant runoff is broken without another round.
    is_over = outcome.kind == IRV and len(stages) == len(outcome.stages)
    leads = one in outcome.leaders if is_over else any(one in past.elected for past in stages)
    mark = chip(outcome) if leads and question.is_counted and one in outcome.winners else ""
    return Bar(
        question.title(one),
        decimal(stage.totals[one]),
        percent(stage.totals[one], whole),
        part.get(one, ""),
        is_first=leads,
        mark=mark,
    )


def chip(outcome: Outcome) -> str:
    """Return the label of a winner's chip."""
    return _("Elected") if outcome.kind == STV else _("Chosen")
