"""Ballot papers in piles under the options they count for: equal rankings are one parcel, and
each pile has one worth.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple

#: a ranking, where in it the paper lies, and how many papers are alike
Parcel = tuple[tuple[int, ...], int, int]


class Moved(NamedTuple):
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

    def moved(self, option: int, keeps: Fraction | int = 0) -> Moved:
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
        return Moved(dict(sorted(transfers.items())), lost)

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
