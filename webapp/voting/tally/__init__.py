"""Counting: pure functions, one file a method; integers and fractions only.

The same ballots always give the same result.
"""

from collections.abc import Callable, Sequence

from . import approval, dates, dots, irv, lot, pile, proposal, schulze, score, single, star, stv
from .outcome import Outcome
from .pile import Pile, Profile
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

Method = Callable[[Pile, Rules, Sequence[int]], Outcome]
#: the kind of a vote -> what counts its ballots
METHODS: dict[str, Method] = {
    "single": single.count,
    "approval": approval.count,
    "score": score.count,
    "star": star.count,
    "dots": dots.count,
    "irv": irv.count,
    "schulze": schulze.count,
    "stv": stv.count,
    "proposal": proposal.count,
    "date": dates.count,
}


def count(profile: Profile, rules: Rules) -> Outcome:
    """What these ballots decide by the rules; ties go by the lot that the seed has drawn."""
    return counted(profile, rules, lot.order(rules.seed, rules.options))


def count_as_before(profile: Profile, rules: Rules) -> Outcome:
    """The same as releases before the format `folkmoot-ballots-2` counted it: see `judged`."""
    lots = lot.order(rules.seed, rules.options)
    return judged(METHODS[rules.kind](pile.of(profile), rules, lots), rules, at_end=True)


def counted(profile: Profile, rules: Rules, lots: Sequence[int]) -> Outcome:
    """The same with the options in a lot order that is known."""
    return judged(METHODS[rules.kind](pile.of(profile), rules, lots), rules)
