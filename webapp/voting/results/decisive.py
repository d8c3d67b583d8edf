"""Which ties decided, as far as an outcome shows."""

from ..tally.outcome import EXCLUDED, EXCLUSION, Outcome, Tie
from ..tally.rules import IRV


def deciding_ties(outcome: Outcome) -> list[Tie]:
    """Return the ties on which the result may depend.

    It doesn't depend on which option drops out first if all that tied drop out one after another,
    and their ballots can't lift any of them above the others.
    """
    return [tie for tie in outcome.ties if tie.where != EXCLUDED or not _drop_out(outcome, tie)]


def unnamed_ties(outcome: Outcome) -> tuple[Tie, ...]:
    """Return the same without options and rounds, each kind once, for results without figures."""
    ties = deciding_ties(outcome)
    return tuple(Tie(*key) for key in dict.fromkeys((one.where, (), one.broken_by) for one in ties))


def _drop_out(outcome: Outcome, tie: Tie) -> bool:
    """Whether the options tied for elimination all drop out, in whatever order."""
    if not tie.who or not set(tie.who).isdisjoint(outcome.leaders):
        return False
    before = outcome.stages[tie.stage - 2].totals
    votes = sum(before[number] for number in tie.who)
    if outcome.kind != IRV:  # what they pass on could reach a quota, and move a surplus
        return not votes
    gone = {stage.option for stage in outcome.stages[: tie.stage - 1] if stage.action == EXCLUSION}
    return all(votes < before[one] for one in before if one not in gone.union(tie.who))
