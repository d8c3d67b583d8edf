"""Checking passwords.

Hashing is slow on purpose. So the account is read outside the request's transaction, which must
hold nothing meanwhile. What was read is compared again when the proof is used.
"""

import unicodedata
import uuid
from collections.abc import Callable
from typing import NamedTuple

import sqlalchemy as sa
from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from ..core.db.engine import reading
from ..core.extensions import db
from ..core.jobs.bounded_executor import BoundedExecutor
from ..core.observability import audit
from .models import User

#: OWASP's first recommendation for argon2id: 19 MiB, two passes, one lane.
MEMORY, PASSES, LANES = 19456, 2, 1
#: Each hash takes 19 MiB and a core: more at once would only delay all of them.
AT_ONCE = 2
#: How many more requests may wait for a hash: less than half of a web worker's threads, since pages
#: need the rest.
WAITING = 10

_hasher = PasswordHasher(
    time_cost=PASSES, memory_cost=MEMORY, parallelism=LANES, hash_len=32, salt_len=16, type=Type.ID
)
_few = BoundedExecutor(AT_ONCE, WAITING)

#: A hash that matches nothing, with our parameters: checking it takes as long as checking a real
#: one.
DUMMY = f"$argon2id$v=19$m={MEMORY},t={PASSES},p={LANES}${'A' * 22}${'A' * 43}"


def normalize(password: str) -> str:
    """Return the password in Unicode's form C (RFC 8265), so that keyboards don't matter.

    Nothing is cut or folded.
    """
    return unicodedata.normalize("NFC", password)


def hash_password(password: str) -> str:
    """Return the password's hash. Raises Busy if too many passwords are being hashed."""
    return _few.call(_hasher.hash, normalize(password))


def matches(password: str, kept: str | None) -> bool:
    """Whether `kept` is a hash of the password. Without one it takes as long, and returns False.

    Raises Busy if too many passwords are being hashed.
    """
    try:
        return _few.call(_hasher.verify, kept or DUMMY, normalize(password)) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(kept)


#: The namespace of ids for names without an account.
NOBODY = uuid.UUID("7f1c3f0e-53a5-4d0e-9a64-6c9d1b6f2a10")


class PasswordProof(NamedTuple):
    """The result of an attempt: the account named, if it exists, and whether the password
    is right.
    """

    user_id: uuid.UUID | None
    is_right: bool
    #: the stored hash when the proof was made
    password_hash: str = ""
    #: the hash to store from now on, if the parameters have changed
    renewed_hash: str = ""


def proof_for_name(
    name: str, password: str, allows_attempt: Callable[[uuid.UUID], bool]
) -> PasswordProof:
    """Check a password for an email address or a handle.

    An unknown name takes as long as a wrong password. If `allows_attempt` refuses, even the right
    password counts as wrong, and takes as long.
    """
    name = name.strip().lower()
    which = User.email == name if "@" in name.lstrip("@") else User.handle == name.lstrip("@")
    return _proof(which, password, allows_attempt, uuid.uuid5(NOBODY, name))


def proof_for_user(
    user_id: uuid.UUID,
    password: str,
    allows_attempt: Callable[[uuid.UUID], bool] = lambda user_id: True,
) -> PasswordProof:
    """Check a password for a known account.

    `allows_attempt` is as in `proof_for_name`, for attempts that may be made by someone else.
    """
    return _proof(User.id == user_id, password, allows_attempt, user_id)


def _proof(
    which: sa.ColumnElement[bool],
    password: str,
    allows_attempt: Callable[[uuid.UUID], bool],
    nobody: uuid.UUID,
) -> PasswordProof:
    """Without an account, attempts are counted for `nobody`: counting takes time, too."""
    found = _kept(which)
    user_id, kept = found if found is not None else (None, None)
    if not allows_attempt(user_id or nobody):
        kept = None
    if not matches(password, kept) or kept is None:
        return PasswordProof(user_id, False)
    return PasswordProof(user_id, True, kept, hash_password(password) if is_outdated(kept) else "")


def _kept(which: sa.ColumnElement[bool]) -> tuple[uuid.UUID, str] | None:
    token = reading.set(True)
    try:
        with db.engine.connect() as connection:
            row = connection.execute(sa.select(User.id, User.password_hash).where(which)).first()
            return (row[0], row[1]) if row is not None else None
    finally:
        reading.reset(token)


def log_failure(proof: PasswordProof, action: str) -> None:
    """Log the failure with the account, if there is one, but never with what was typed."""
    audit.record(action, subject=User(id=proof.user_id))
