"""Drawing lots in the open: the seed is published at opening, and anyone can work out the order from it."""

import hashlib
import secrets
from collections.abc import Collection, Sequence

TAG = "folkmoot-lot-1"


def new_seed() -> str:
    """64 hexadecimal digits that nobody has seen before."""
    return secrets.token_hex(32)


def digest(seed: str, number: int) -> str:
    """What the option with this number draws: hex sha256 of the tag, the seed and the number, a line each."""
    return hashlib.sha256(f"{TAG}\n{seed}\n{number}".encode()).hexdigest()


def order(seed: str, options: int) -> list[int]:
    """The numbers 1…options in lot order: the first wins a tie, the last is excluded first."""
    return sorted(range(1, options + 1), key=lambda number: digest(seed, number))


def among(tied: Collection[int], lots: Sequence[int]) -> tuple[int, ...]:
    """Those who tied, in the lot order of all."""
    return tuple(number for number in lots if number in tied)
