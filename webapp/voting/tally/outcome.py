"""What a count by sums finds."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from . import lot

#: choice strings, each with how many ballots say so; the same string may stand there more than once
Profile = Iterable[tuple[str, int]]
#: what decided
SUM, LOT = "sum", "lot"


class Outcome(NamedTuple):
    """Sums by option number, and who won by what; `winner` is None where no valid ballot was cast."""

    totals: dict[int, int]
    cast: int
    blank: int
    winner: int | None
    tied: tuple[int, ...]
    decided_by: str | None
    lots: tuple[int, ...]

    @property
    def valid(self) -> int:
        """Ballots that chose something."""
        return self.cast - self.blank

    def share(self, number: int) -> int:
        """Percent of the valid ballots that chose this option, cut off."""
        return 100 * self.totals[number] // self.valid if self.valid else 0


def greatest_sum(profile: Profile, options: int, seed: str) -> Outcome:
    """The option that most ballots name wins; of several, the first in lot order."""
    ballots: Counter[str] = Counter()
    for choice, times in profile:
        ballots[choice] += times
    totals = dict.fromkeys(range(1, options + 1), 0)
    for choice, times in ballots.items():
        for number in choice.split("+") if choice else ():
            totals[int(number)] += times
    cast, blank = ballots.total(), ballots[""]
    if cast == blank:
        return Outcome(totals, cast, blank, None, (), None, ())
    most = max(totals.values())
    first = tuple(number for number, total in totals.items() if total == most)
    if len(first) == 1:
        return Outcome(totals, cast, blank, first[0], (), SUM, ())
    lots = tuple(number for number in lot.order(seed, options) if number in first)
    return Outcome(totals, cast, blank, lots[0], first, LOT, lots)
