"""The single transferable vote for several seats: The Scottish Local Government Elections Order
2007 (SSI 2007/42), Schedule 1. And instant runoff, which is its count for one.

That is the weighted inclusive Gregory method; but votes are fractions here, where the Order cuts
them off after five decimals.

1. The quota is ⌊valid ÷ (seats + 1)⌋ + 1, and stays. Papers start at worth 1.
2. Those who have the quota are elected. Once the seats are full the count ends; when as many
   continue as seats are left, they are elected, and nothing more moves.
3. The greatest surplus moves: every paper that the option holds, at its worth × surplus ÷ total, to
its next continuing option;
   the option keeps the quota.
4. Without a surplus the lowest is excluded, and its papers move at their worth.
5. One surplus or exclusion is a stage; back to 2.

Ties in 3 and 4: the ends of earlier stages, the latest first, each time keeping those with most (4:
fewest); else the lot.
"""

from collections.abc import Sequence
from fractions import Fraction

from .choice_strings import BallotPile
from .outcome import Outcome
from .rules import Rules
from .staged import Act, StagedCount


class Seats(StagedCount):
    """A count for several seats."""

    quota = 0

    def reached(self) -> list[int]:
        """Those who have the quota."""
        return [
            number for number in self.papers.continuing if self.papers.totals[number] >= self.quota
        ]

    def surplus(self) -> Act | None:
        """The greatest surplus has moved, where one of the elected has more than the quota."""
        above = [number for number in self.elected if self.papers.totals[number] > self.quota]
        return self.largest(above) if above else None

    def keeps(self) -> int:
        """The quota."""
        return self.quota


def count(pile: BallotPile, rules: Rules, lots: Sequence[int]) -> Outcome:
    """The outcome of ballots such as `3>1>2`, which may stop early."""
    seats = Seats(pile, rules, lots, rules.seats)
    seats.quota = pile.valid // (rules.seats + 1) + 1
    return staged(seats, pile, rules, seats.quota)


def staged(
    counted: StagedCount, pile: BallotPile, rules: Rules, quota: int | None = None
) -> Outcome:
    """The outcome of a count in stages."""
    if pile.valid:
        counted.run()
    first = (
        counted.stages[0].totals if counted.stages else dict.fromkeys(rules.numbers, Fraction(0))
    )
    return Outcome(
        kind=rules.kind,
        cast=pile.cast,
        blank=pile.blank,
        totals={number: int(votes) for number, votes in first.items()},
        leaders=tuple(counted.elected),
        ties=tuple(counted.ties),
        quota=quota if pile.valid else None,
        stages=tuple(counted.stages),
    )


class Runoff(StagedCount):
    """A count for one: instant runoff (Ware 1871; the alternative vote). The last is excluded until
    one has over half of the votes that still count.

    Ties for the last place: the ends of earlier stages, the latest first, each time keeping those
    with fewest; else the lot. Nobody is excluded in a batch.
    """

    def reached(self) -> list[int]:
        """The option that has over half of the votes that still count."""
        totals = self.papers.totals
        live = sum(totals[number] for number in self.papers.continuing)
        return [number for number in self.papers.continuing if 2 * totals[number] > live]


def count_irv(pile: BallotPile, rules: Rules, lots: Sequence[int]) -> Outcome:
    """The outcome of ballots such as `3>1>2`, which may stop early."""
    return staged(Runoff(pile, rules, lots, seats=1), pile, rules)
