"""Score, or range voting (Smith 2000): each ballot gives every option a score from 0 up; the
greatest sum wins, then the lot.

An option without a score has 0, so that who scores few does not lift them above those whom
everybody knows.
"""

from collections.abc import Sequence

from . import reading, sums
from .outcome import Outcome
from .pile import Pile
from .rules import Rules


def count(pile: Pile, rules: Rules, lots: Sequence[int]) -> Outcome:
    """The outcome of ballots such as `1:5 3:2`; `mean` is over all valid ballots."""
    return sums.greatest(pile, rules, lots, reading.points)
