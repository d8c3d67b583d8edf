"""Ballots as they lie on the table: equal ones together, blank ones aside."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

#: choice strings, each with how many ballots say so; the same string may be there more than once
Profile = Iterable[tuple[str, int]]


class BallotPile(NamedTuple):
    """The valid choices, each once with how many say so, and how many ballots are blank."""

    choices: Mapping[str, int]
    blank: int

    @property
    def valid(self) -> int:
        """Ballots that chose something."""
        return sum(self.choices.values())

    @property
    def cast(self) -> int:
        """All ballots."""
        return self.valid + self.blank


def of(profile: Profile) -> BallotPile:
    """The pile of these ballots, whatever their order and however they come together."""
    found: Counter[str] = Counter()
    for choice, times in profile:
        found[choice] += times
    blank = found.pop("", 0)
    return BallotPile({choice: found[choice] for choice in sorted(found)}, blank)
