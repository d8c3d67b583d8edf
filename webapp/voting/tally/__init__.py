"""Counting: pure functions, one file a method, integers only. The same ballots always give the same result."""

from collections.abc import Callable

from . import approval, single
from .outcome import Outcome, Profile

#: the kind of a vote -> what counts its ballots: (profile, number of options, seed)
METHODS: dict[str, Callable[[Profile, int, str], Outcome]] = {"single": single.count, "approval": approval.count}


def count(kind: str, profile: Profile, options: int, seed: str) -> Outcome:
    """What these ballots decide by the method of `kind`."""
    return METHODS[kind](profile, options, seed)
