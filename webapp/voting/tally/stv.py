"""The single transferable vote (STV) for several seats, by the Scottish Local Government Elections
Order 2007 (SSI 2007/42), Schedule 1. And instant runoff, which is the same count for one seat.

It is the weighted inclusive Gregory method, with exact fractions where the Order truncates votes to
five decimals.

1. The quota is ⌊valid ÷ (seats + 1)⌋ + 1, and stays the same. Papers start with value 1.
2. Options that reach the quota are elected. Once all seats are filled the count ends. When only as
many options continue as seats are left, they are elected, and nothing more is transferred.
3. The greatest surplus is transferred: every paper that the option holds goes, at its value ×
surplus ÷ total, to its next continuing option; the option keeps the quota.
4. Without a surplus the lowest option is eliminated, and its papers are transferred at their value.
5. One surplus or elimination is a stage; then step 2 follows.

Ties in 3 and 4: the ends of earlier stages, the latest first, each time keeping those with the most
votes (in 4: the fewest); otherwise the lot.
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
        """Return the options that reach the quota."""
        return [
            number for number in self.papers.continuing if self.papers.totals[number] >= self.quota
        ]

    def surplus(self) -> Act | None:
        """Transfer the greatest surplus, if an elected option has more than the quota."""
        above = [number for number in self.elected if self.papers.totals[number] > self.quota]
        return self.largest(above) if above else None

    def keeps(self) -> int:
        """Return the quota."""
        return self.quota


def count(pile: BallotPile, rules: Rules, lots: Sequence[int]) -> Outcome:
    """Return the outcome of ballots such as `3>1>2`, which may stop early."""
    seats = Seats(pile, rules, lots, rules.seats)
    seats.quota = pile.valid // (rules.seats + 1) + 1
    return staged(seats, pile, rules, seats.quota)


def staged(
    counted: StagedCount, pile: BallotPile, rules: Rules, quota: int | None = None
) -> Outcome:
    """Run a count in stages and return its outcome."""
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
    """A count for one seat: instant runoff (Ware 1871; the alternative vote). The last option is
    eliminated until one has over half of the votes that still count.

    Ties for last place: the ends of earlier stages, the latest first, each time keeping those with
    the fewest votes; otherwise the lot. Options are never eliminated in batches.
    """

    def reached(self) -> list[int]:
        """Return the option that has over half of the votes that still count, if there is one."""
        totals = self.papers.totals
        live = sum(totals[number] for number in self.papers.continuing)
        return [number for number in self.papers.continuing if 2 * totals[number] > live]


def count_irv(pile: BallotPile, rules: Rules, lots: Sequence[int]) -> Outcome:
    """Return the outcome of ballots such as `3>1>2`, which may stop early."""
    return staged(Runoff(pile, rules, lots, seats=1), pile, rules)
