"""Passwords as they are kept: argon2id, with the parameters written out here and nowhere else."""

import unicodedata

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from ..core.few import Few

#: OWASP's first choice for argon2id: 19 MiB, two passes, one lane.
MEMORY, PASSES, LANES = 19456, 2, 1
#: Each hash takes 19 MiB and a core: more at once would only make all of them late.
AT_ONCE = 2
#: So many more requests may wait for a hash: less than half the threads of a web worker, the rest
#: is for pages.
WAITING = 10

_hasher = PasswordHasher(
    time_cost=PASSES, memory_cost=MEMORY, parallelism=LANES, hash_len=32, salt_len=16, type=Type.ID
)
_few = Few(AT_ONCE, WAITING)

#: A hash of nothing, with our parameters: checking against it takes as long as checking a person's
#: own.
DUMMY = f"$argon2id$v=19$m={MEMORY},t={PASSES},p={LANES}${'A' * 22}${'A' * 43}"


def normal(password: str) -> str:
    """The same characters in Unicode's form C (RFC 8265), whatever keyboard they came from;
    nothing is cut or folded.
    """
    return unicodedata.normalize("NFC", password)


def hashed(password: str) -> str:
    """What is kept of the password. Raises Busy when too many passwords are being looked at."""
    return _few.call(_hasher.hash, normal(password))


def is_right(password: str, kept: str | None) -> bool:
    """Whether `kept` is a hash of the password; without one it takes as long, and says no.

    Raises Busy like `hashed`.
    """
    try:
        return _few.call(_hasher.verify, kept or DUMMY, normal(password)) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(kept)
