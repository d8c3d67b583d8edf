"""Quorum and threshold: whether the leading option is carried.

Comparisons cross-multiply integers: no share is ever rounded.
"""

from dataclasses import replace

from .outcome import (
    BLOCKED,
    CARRIED,
    LOT,
    NO_QUORUM,
    NO_RESULT,
    NOT_CARRIED,
    SEAT,
    TIE,
    WINNER,
    Outcome,
    ThresholdBar,
)
from .rules import AGREE, BLOCK, CAST, IRV, KINDS, PRESENT, PROPOSAL, ROLL, VALID, Rules, Threshold

#: A proposal's threshold if the vote doesn't set one.
MAJORITY = Threshold("voices")


def judged(outcome: Outcome, rules: Rules, at_end: bool = False) -> Outcome:
    """Return the outcome with its verdict, and with its leaders as winners if the verdict allows
    it.

    `at_end`: judge instant runoff after a tie between the last two was broken, when the winner has
    the loser's votes as well. Releases before the format `folkmoot-ballots-2` did that.
    """
    bar = bar_of(outcome, rules, at_end)
    verdict = verdict_of(outcome, rules, bar)
    stands = verdict in (None, CARRIED) or (verdict == TIE and bar is None)
    quorum = None if rules.quorum is None else -(-rules.quorum * rules.entitled // 100)
    return replace(
        outcome, bar=bar, verdict=verdict, quorum=quorum, winners=outcome.leaders if stands else ()
    )


def verdict_of(outcome: Outcome, rules: Rules, bar: ThresholdBar | None) -> str | None:
    """Return the verdict: the first reason that applies; None if there is nothing to say but who
    won.
    """
    if rules.quorum is not None and 100 * outcome.cast < rules.quorum * rules.entitled:
        return NO_QUORUM
    if not outcome.valid or (rules.kind != PROPOSAL and not outcome.leaders):
        return NO_RESULT
    if rules.kind == PROPOSAL and not outcome.voices:
        return NOT_CARRIED
    if (
        rules.kind == PROPOSAL
        and rules.blocks is not None
        and outcome.answers[BLOCK] >= rules.blocks
    ):
        return BLOCKED
    if bar is None:
        return (
            TIE
            if any(tie.where in (WINNER, SEAT) and tie.broken_by == LOT for tie in outcome.ties)
            else None
        )
    return _of_bar(bar, threshold_of(rules))


def threshold_of(rules: Rules) -> Threshold | None:
    """Return the threshold that applies: the vote's own, a proposal's default, or None for kinds
    without thresholds.
    """
    if not KINDS[rules.kind].has_threshold:
        return None
    return rules.threshold or (MAJORITY if rules.kind == PROPOSAL else None)


def _of_bar(bar: ThresholdBar, threshold: Threshold | None) -> str:
    if bar.base and bar.votes >= bar.needed:
        return CARRIED
    is_half = threshold is not None and threshold.is_more_than_half and 2 * bar.votes == bar.base
    return TIE if bar.base and is_half else NOT_CARRIED


def bar_of(outcome: Outcome, rules: Rules, at_end: bool = False) -> ThresholdBar | None:
    """Return the threshold in votes and what was reached; None without a threshold or a leader."""
    threshold = threshold_of(rules)
    if threshold is None or (rules.kind != PROPOSAL and not outcome.leaders):
        return None
    base = _base(outcome, rules, threshold.of)
    return ThresholdBar(threshold.of, base, needed(threshold, base), _votes(outcome, rules, at_end))


def deciding(outcome: Outcome) -> int:
    """Return the index of the stage that decides an instant runoff.

    It's the first in which an option has over half of the votes that still count, or the last with
    two options left. After that the tied loser's votes have been transferred to the winner, and
    prove nothing.
    """
    last = len(outcome.stages) - 1
    return last - 1 if last and last == len(outcome.totals) - 1 else last


def needed(threshold: Threshold, base: int) -> int:
    """Return the fewest votes out of `base` that meet the threshold."""
    part, whole = threshold.part * base, threshold.whole
    return part // whole + 1 if threshold.strict else -(-part // whole)


def _base(outcome: Outcome, rules: Rules, of: str) -> int:
    """In kinds without agreeing or disagreeing, `voices` are the valid ballots."""
    counted = {
        ROLL: rules.entitled,
        PRESENT: rules.present,
        CAST: outcome.cast,
        VALID: outcome.valid,
    }
    return counted.get(of, outcome.voices if rules.kind == PROPOSAL else outcome.valid)


def _votes(outcome: Outcome, rules: Rules, at_end: bool) -> int:
    if rules.kind == PROPOSAL:
        return outcome.answers[AGREE]
    leader = outcome.leaders[0]
    if rules.kind != IRV:
        return outcome.totals[leader]
    return int(outcome.stages[-1 if at_end else deciding(outcome)].totals[leader])
