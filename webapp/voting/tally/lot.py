"""Verifiable lots.

At opening a secret is drawn and only its commitment is published. After closing the secret is
published, and the seed is derived from it and all ballots. So nobody knows the lot before the last
ballot, and afterwards anyone can compute it.
"""

import hashlib
import secrets
from collections.abc import Collection, Iterable, Sequence

ORDER, COMMITMENT, SEED = "folkmoot-lot-1", "folkmoot-lot-commit-1", "folkmoot-lot-2"


def new_secret() -> str:
    """Return a new random secret of 64 hexadecimal digits."""
    return secrets.token_hex(32)


def commitment_of(secret: str) -> str:
    """Return the commitment published at opening: it binds the secret without revealing it."""
    return _hashed(COMMITMENT, secret)


def seed_of(secret: str, root: str) -> str:
    """Return the seed, derived from the secret and the root of the ballots."""
    return _hashed(SEED, f"{secret}\n{root}")


def root_of(profile: Iterable[tuple[str, int]]) -> str:
    """Return the root of non-secret ballots: hex sha256 of their choices in order, one per line."""
    lines = "".join(f"{choice}\n" * times for choice, times in sorted(profile))
    return hashlib.sha256(lines.encode()).hexdigest()


def digest(seed: str, number: int) -> str:
    """Return the draw of the option with this number: hex sha256 of the tag, the seed and the
    number, one per line.
    """
    return _hashed(ORDER, f"{seed}\n{number}")


def order(seed: str, options: int) -> list[int]:
    """Return the numbers 1…options in lot order: the first wins a tie, the last is eliminated
    first.
    """
    return sorted(range(1, options + 1), key=lambda number: digest(seed, number))


def among(tied: Collection[int], lots: Sequence[int]) -> tuple[int, ...]:
    """Return the tied options in lot order."""
    return tuple(number for number in lots if number in tied)


def _hashed(tag: str, text: str) -> str:
    return hashlib.sha256(f"{tag}\n{text}".encode()).hexdigest()
