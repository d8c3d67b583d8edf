"""Instant runoff (Ware 1871; the alternative vote): the last is excluded until one has over half of
the votes that still count.

A ballot counts for the highest of its options that is still in; one whose options are all out is
exhausted. Ties for the last place: the ends of earlier stages, the latest first, each time keeping
those with fewest; else the lot. Nobody is excluded in a batch.
"""

from collections.abc import Sequence

from .choice_strings import BallotPile
from .outcome import Outcome
from .rules import Rules
from .staged import StagedCount
from .stv import staged


class Runoff(StagedCount):
    """A count for one."""

    def reached(self) -> list[int]:
        """The option that has over half of the votes that still count."""
        totals = self.papers.totals
        live = sum(totals[number] for number in self.papers.continuing)
        return [number for number in self.papers.continuing if 2 * totals[number] > live]


def count(pile: BallotPile, rules: Rules, lots: Sequence[int]) -> Outcome:
    """The outcome of ballots such as `3>1>2`, which may stop early."""
    return staged(Runoff(pile, rules, lots, seats=1), pile, rules)
