"""Dots, which are cumulative votes: each ballot spreads as many as the vote gives; the greatest
sum wins, then the lot.
"""

from collections.abc import Sequence

from . import reading, sums
from .outcome import Outcome
from .pile import Pile
from .rules import Rules


def count(pile: Pile, rules: Rules, lots: Sequence[int]) -> Outcome:
    """The outcome of ballots such as `1:4 2:2`."""
    return sums.greatest(pile, rules, lots, reading.points)
