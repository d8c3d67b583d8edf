"""Counting in stages, as STV and instant runoff do: one election or elimination at a time.

Ballot papers lie in piles under the options they count for: equal rankings form a parcel, and all
papers of a pile have the same value.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from . import choice_strings, lot
from .choice_strings import BallotPile
from .outcome import (
    EARLIER,
    EXCLUDED,
    EXCLUSION,
    FIRST,
    LOT,
    SEAT,
    SURPLUS,
    SURPLUS_FIRST,
    Stage,
    Tie,
)
from .rules import Rules

#: A ranking, its current position, and the number of equal papers.
Parcel = tuple[tuple[int, ...], int, int]


class Transfer(NamedTuple):
    """A transfer: the votes each option got, and those that became non-transferable."""

    transfers: dict[int, Fraction]
    lost: Fraction


class Papers:
    """All papers. `continuing`: the options that can still receive votes; `parcels`: how many
    parcels were ever moved.
    """

    def __init__(self, rankings: Mapping[tuple[int, ...], int], numbers: Iterable[int]) -> None:
        self.continuing = set(numbers)
        self.piles: dict[int, list[tuple[Fraction, list[Parcel]]]] = {
            number: [] for number in self.continuing
        }
        self.totals = {number: Fraction(0) for number in sorted(self.continuing)}
        self.parcels = 0
        self._laid(Fraction(1), [(ranking, -1, times) for ranking, times in rankings.items()])

    def moved(self, option: int, keeps: Fraction | int = 0) -> Transfer:
        """Transfer the option's papers to the next continuing options, at a value that leaves it
        the votes it `keeps`.
        """
        total, piles = self.totals[option], self.piles[option]
        self.totals[option], self.piles[option] = Fraction(keeps), []
        transfers: dict[int, Fraction] = {}
        lost = Fraction(0)
        for worth, parcels in piles:
            laid, gone = self._laid(worth * (total - keeps) / total, parcels)
            lost += gone
            for number, votes in laid.items():
                transfers[number] = transfers.get(number, Fraction(0)) + votes
        return Transfer(dict(sorted(transfers.items())), lost)

    def _laid(self, worth: Fraction, parcels: list[Parcel]) -> tuple[dict[int, Fraction], Fraction]:
        heaps: dict[int, list[Parcel]] = {}
        gone = 0
        for ranking, position, times in parcels:
            for place in range(position + 1, len(ranking)):
                if ranking[place] in self.continuing:
                    heaps.setdefault(ranking[place], []).append((ranking, place, times))
                    break
            else:
                gone += times
        self.parcels += len(parcels)
        votes = {
            number: worth * sum(times for _ranking, _place, times in heap)
            for number, heap in heaps.items()
        }
        for number, heap in heaps.items():
            self.piles[number].append((worth, heap))
            self.totals[number] += votes[number]
        return votes, worth * gone


#: What was done, to which option, and the transfer.
Act = tuple[str, int | None, Transfer]


class StagedCount:
    """A count in progress, recorded in `stages` and `ties`.
    Methods define who is elected (`reached`) and what is transferred first.
    """

    def __init__(self, pile: BallotPile, rules: Rules, lots: Sequence[int], seats: int) -> None:
        rankings = {choice_strings.ranking(choice): times for choice, times in pile.choices.items()}
        self.papers = Papers(rankings, rules.numbers)
        self.valid, self.lots, self.seats = pile.valid, lots, seats
        self.stages: list[Stage] = []
        self.ties: list[Tie] = []
        self.elected: list[int] = []

    def run(self) -> None:
        """Count until everyone who can be elected is."""
        act: Act = (FIRST, None, Transfer({}, Fraction(0)))
        while True:
            self._note(act)
            if len(self.elected) == self.seats or not self.papers.continuing:
                return
            act = self.surplus() or self.exclusion()

    def reached(self) -> list[int]:
        """Return the options elected now by their votes."""
        raise NotImplementedError

    def surplus(self) -> Act | None:
        """Transfer the surplus of an elected option; return None if there is none."""
        return None

    def exclusion(self) -> Act:
        """Eliminate the option with the fewest votes, and transfer its papers at their value."""
        continuing, totals = self.papers.continuing, self.papers.totals
        lowest = min(totals[number] for number in continuing)
        tied = [number for number in continuing if totals[number] == lowest]
        where = SEAT if len(continuing) == self.seats - len(self.elected) + 1 else EXCLUDED
        out = self._one_of(tied, where, min)
        continuing.remove(out)
        return EXCLUSION, out, self.papers.moved(out)

    def largest(self, surpluses: list[int]) -> Act:
        """Transfer the greatest of these surpluses; its option keeps the rest."""
        most = max(self.papers.totals[number] for number in surpluses)
        whose = self._one_of(
            [one for one in surpluses if self.papers.totals[one] == most], SURPLUS_FIRST, max
        )
        return SURPLUS, whose, self.papers.moved(whose, keeps=self.keeps())

    def keeps(self) -> int:
        """Return how many votes an option keeps when its surplus is transferred."""
        raise NotImplementedError

    def _note(self, act: Act) -> None:
        action, option, moved = act
        elected = self._electing()
        gone = self.stages[-1].non_transferable if self.stages else Fraction(0)
        totals = dict(self.papers.totals)
        self.stages.append(
            Stage(
                action,
                option,
                totals,
                moved.transfers,
                moved.lost,
                gone + moved.lost,
                tuple(elected),
            )
        )

    def _electing(self) -> list[int]:
        elected = self._by_votes(self.reached())
        self._seat(elected)
        left = self.seats - len(self.elected)
        if left and len(self.papers.continuing) <= left:
            rest = self._by_votes(self.papers.continuing)
            self._seat(rest)
            elected = elected + rest
        return elected

    def _seat(self, elected: list[int]) -> None:
        self.elected += elected
        self.papers.continuing.difference_update(elected)

    def _by_votes(self, numbers: Iterable[int]) -> list[int]:
        """Most votes first; ties by most votes at the end of earlier stages, the latest first; then
        by lot.
        """

        def place(number: int) -> tuple[list[Fraction], int]:
            then = [-stage.totals[number] for stage in reversed(self.stages)]
            return [-self.papers.totals[number], *then], self.lots.index(number)

        return sorted(numbers, key=place)

    def _one_of(
        self, tied: list[int], where: str, kept: Callable[[Iterable[Fraction]], Fraction]
    ) -> int:
        """Break a tie by the most (or fewest) votes at the end of earlier stages, the latest first;
        then by lot.
        """
        if len(tied) == 1:
            return tied[0]
        left = tied
        for stage in reversed(self.stages[:-1]):
            extreme = kept(stage.totals[number] for number in left)
            left = [number for number in left if stage.totals[number] == extreme]
            if len(left) == 1:
                break
        drawn = lot.among(left, self.lots)
        picked = drawn[0] if kept is max else drawn[-1]
        by, lots = (EARLIER, ()) if len(left) == 1 else (LOT, drawn)
        self.ties.append(Tie(where, tuple(sorted(tied)), by, lots, (picked,), len(self.stages) + 1))
        return picked
