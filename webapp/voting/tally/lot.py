"""Drawing lots in the open.

At opening a secret is drawn and only its commitment published. After closing the secret is shown,
and the seed comes from it and from all ballots: nobody knows the lot before the last ballot, and
afterwards anyone can work it out.
"""

import hashlib
import secrets
from collections.abc import Collection, Iterable, Sequence

ORDER, COMMITMENT, SEED = "folkmoot-lot-1", "folkmoot-lot-commit-1", "folkmoot-lot-2"


def new_secret() -> str:
    """64 hexadecimal digits that nobody has seen before."""
    return secrets.token_hex(32)


def commitment_of(secret: str) -> str:
    """What is published at opening: it binds the secret and doesn't tell it."""
    return _hashed(COMMITMENT, secret)


def seed_of(secret: str, root: str) -> str:
    """The seed, from the secret and the root of the ballots."""
    return _hashed(SEED, f"{secret}\n{root}")


def root_of(profile: Iterable[tuple[str, int]]) -> str:
    """The root of ballots that aren't secret: hex sha256 of their choices in order, a line each."""
    lines = "".join(f"{choice}\n" * times for choice, times in sorted(profile))
    return hashlib.sha256(lines.encode()).hexdigest()


def digest(seed: str, number: int) -> str:
    """What the option with this number draws: hex sha256 of the tag, the seed and the number, a
    line each.
    """
    return _hashed(ORDER, f"{seed}\n{number}")


def order(seed: str, options: int) -> list[int]:
    """The numbers 1…options in lot order: the first wins a tie, the last is excluded first."""
    return sorted(range(1, options + 1), key=lambda number: digest(seed, number))


def among(tied: Collection[int], lots: Sequence[int]) -> tuple[int, ...]:
    """Those who tied, in the lot order of all."""
    return tuple(number for number in lots if number in tied)


def _hashed(tag: str, text: str) -> str:
    return hashlib.sha256(f"{tag}\n{text}".encode()).hexdigest()
