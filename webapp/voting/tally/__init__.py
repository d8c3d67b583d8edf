"""Counting votes: pure functions on integers and fractions, one module per method.

The same ballots always give the same result.
"""

from collections.abc import Callable, Sequence

from . import dates, lot, schulze, star, stv, sums
from .choice_strings import BallotPile, Profile, pile_of
from .outcome import Outcome
from .rules import Rules, Threshold
from .thresholds import judged

__all__ = [
    "METHODS",
    "Outcome",
    "Profile",
    "Rules",
    "Threshold",
    "count",
    "count_as_before",
    "counted",
]

Method = Callable[[BallotPile, Rules, Sequence[int]], Outcome]
#: The kind of a vote -> the function that counts its ballots.
METHODS: dict[str, Method] = {
    "single": sums.count_single,
    "approval": sums.count_approval,
    "score": sums.count_score,
    "star": star.count,
    "dots": sums.count_dots,
    "irv": stv.count_irv,
    "schulze": schulze.count,
    "stv": stv.count,
    "proposal": sums.count_proposal,
    "date": dates.count,
}


def count(profile: Profile, rules: Rules) -> Outcome:
    """Count the ballots by these rules; ties are broken by the lot drawn from the seed."""
    return counted(profile, rules, lot.order(rules.seed, rules.options))


def count_as_before(profile: Profile, rules: Rules) -> Outcome:
    """Count as releases before the format `folkmoot-ballots-2` did: see `judged`."""
    lots = lot.order(rules.seed, rules.options)
    return judged(METHODS[rules.kind](pile_of(profile), rules, lots), rules, at_end=True)


def counted(profile: Profile, rules: Rules, lots: Sequence[int]) -> Outcome:
    """Count with a known lot order of the options."""
    return judged(METHODS[rules.kind](pile_of(profile), rules, lots), rules)
