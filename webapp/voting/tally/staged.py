"""Counting in stages, as STV and instant runoff do: one election or exclusion at a time.

Ballot papers lie in piles under the options they count for: equal rankings are one parcel, and each
pile has one worth.
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

#: a ranking, where in it the paper lies, and how many papers are alike
Parcel = tuple[tuple[int, ...], int, int]


class Transfer(NamedTuple):
    """What became of votes that moved: who got how many, and how many nobody got."""

    transfers: dict[int, Fraction]
    lost: Fraction


class Papers:
    """All papers; `continuing` are the options that may still get some, `parcels` counts how
    many were ever moved.
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
        """The option's papers lie with the next continuing ones, at a worth that leaves it the
        votes that it `keeps`.
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


#: what was done, and to whom
Act = tuple[str, int | None, Transfer]


class StagedCount:
    """A count on its way; `stages` and `ties` tell it.

    Methods say who is elected when (`reached`) and what moves first.
    """

    def __init__(self, pile: BallotPile, rules: Rules, lots: Sequence[int], seats: int) -> None:
        rankings = {choice_strings.ranking(choice): times for choice, times in pile.choices.items()}
        self.papers = Papers(rankings, rules.numbers)
        self.valid, self.lots, self.seats = pile.valid, lots, seats
        self.stages: list[Stage] = []
        self.ties: list[Tie] = []
        self.elected: list[int] = []

    def run(self) -> None:
        """Everyone who can be elected is."""
        act: Act = (FIRST, None, Transfer({}, Fraction(0)))
        while True:
            self._note(act)
            if len(self.elected) == self.seats or not self.papers.continuing:
                return
            act = self.surplus() or self.exclusion()

    def reached(self) -> list[int]:
        """Who is elected now for their votes."""
        raise NotImplementedError

    def surplus(self) -> Act | None:
        """The surplus of one of the elected has moved, where there is one."""
        return None

    def exclusion(self) -> Act:
        """The option with the fewest votes is out; its papers have moved at their worth."""
        continuing, totals = self.papers.continuing, self.papers.totals
        lowest = min(totals[number] for number in continuing)
        tied = [number for number in continuing if totals[number] == lowest]
        where = SEAT if len(continuing) == self.seats - len(self.elected) + 1 else EXCLUDED
        out = self._one_of(tied, where, min)
        continuing.remove(out)
        return EXCLUSION, out, self.papers.moved(out)

    def largest(self, surpluses: list[int]) -> Act:
        """The greatest of these surpluses has moved; its option keeps the rest."""
        most = max(self.papers.totals[number] for number in surpluses)
        whose = self._one_of(
            [one for one in surpluses if self.papers.totals[one] == most], SURPLUS_FIRST, max
        )
        return SURPLUS, whose, self.papers.moved(whose, keeps=self.keeps())

    def keeps(self) -> int:
        """What an option keeps when its surplus moves."""
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
        """Most votes first; then most at the end of earlier stages, the latest first; then lot
        order.
        """

        def place(number: int) -> tuple[list[Fraction], int]:
            then = [-stage.totals[number] for stage in reversed(self.stages)]
            return [-self.papers.totals[number], *then], self.lots.index(number)

        return sorted(numbers, key=place)

    def _one_of(
        self, tied: list[int], where: str, kept: Callable[[Iterable[Fraction]], Fraction]
    ) -> int:
        """The one of them who had most (or fewest) at the end of earlier stages, the latest
        first; then by lot.
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
