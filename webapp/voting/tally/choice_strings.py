"""Choice strings as a count reads them, and piles of them: equal ones together, blank ones
aside.
"""

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


def pile_of(profile: Profile) -> BallotPile:
    """The pile of these ballots, whatever their order and however they come together."""
    found: Counter[str] = Counter()
    for choice, times in profile:
        found[choice] += times
    blank = found.pop("", 0)
    return BallotPile({choice: found[choice] for choice in sorted(found)}, blank)


def numbers(choice: str) -> list[int]:
    """The options of `1+4`, ascending."""
    return [int(number) for number in choice.split("+")] if choice else []


def answers(choice: str) -> dict[int, str]:
    """What `1:y 2:m` or `1:5 3:2` says of each option that it names."""
    parts = (part.partition(":") for part in choice.split())
    return {int(number): said for number, _colon, said in parts}


def points(choice: str) -> dict[int, int]:
    """The scores or dots of `1:5 3:2`; an option that is missing has none."""
    return {number: int(said) for number, said in answers(choice).items()}


def tiers(choice: str) -> list[list[int]]:
    """The ranks of `3>1=2` from the top, each with its options."""
    return (
        [[int(number) for number in tier.split("=")] for tier in choice.split(">")]
        if choice
        else []
    )


def ranking(choice: str) -> tuple[int, ...]:
    """The options of `3>1>2` from the top."""
    return tuple(map(int, choice.split(">"))) if choice else ()
