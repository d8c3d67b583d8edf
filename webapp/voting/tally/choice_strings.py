"""Parsing choice strings for counting, and grouping equal ones; blank ballots are kept apart."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

#: Choice strings with their numbers of ballots; the same string may appear more than once.
Profile = Iterable[tuple[str, int]]


class BallotPile(NamedTuple):
    """The valid choices, each once with its number of ballots, and the number of blank ballots."""

    choices: Mapping[str, int]
    blank: int

    @property
    def valid(self) -> int:
        """The number of ballots that chose something."""
        return sum(self.choices.values())

    @property
    def cast(self) -> int:
        """The number of all ballots."""
        return self.valid + self.blank


def pile_of(profile: Profile) -> BallotPile:
    """Return the pile of these ballots. Their order and grouping don't matter."""
    found: Counter[str] = Counter()
    for choice, times in profile:
        found[choice] += times
    blank = found.pop("", 0)
    return BallotPile({choice: found[choice] for choice in sorted(found)}, blank)


def numbers(choice: str) -> list[int]:
    """Return the options of `1+4`, in ascending order."""
    return [int(number) for number in choice.split("+")] if choice else []


def answers(choice: str) -> dict[int, str]:
    """Return what `1:y 2:m` or `1:5 3:2` says about each option it names."""
    parts = (part.partition(":") for part in choice.split())
    return {int(number): said for number, _colon, said in parts}


def points(choice: str) -> dict[int, int]:
    """Return the scores or dots of `1:5 3:2`; options left out have none."""
    return {number: int(said) for number, said in answers(choice).items()}


def tiers(choice: str) -> list[list[int]]:
    """Return the ranks of `3>1=2` from the top, each with its options."""
    return (
        [[int(number) for number in tier.split("=")] for tier in choice.split(">")]
        if choice
        else []
    )


def ranking(choice: str) -> tuple[int, ...]:
    """Return the options of `3>1>2` from the top."""
    return tuple(map(int, choice.split(">"))) if choice else ()
