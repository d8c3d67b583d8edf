"""Proofs: whether someone knows an account's password.

Hashing takes a while on purpose. So the account is looked up beside the request's transaction,
which must hold nothing while a proof is made; what the proof found is compared again when it is
used.
"""

import unicodedata
import uuid
from collections.abc import Callable
from typing import NamedTuple

import sqlalchemy as sa
from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from ..core.db.session import reading
from ..core.extensions import db
from ..core.jobs.bounded_executor import BoundedExecutor
from ..core.observability import audit
from .models import User

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
_few = BoundedExecutor(AT_ONCE, WAITING)

#: A hash of nothing, with our parameters: checking against it takes as long as checking a person's
#: own.
DUMMY = f"$argon2id$v=19$m={MEMORY},t={PASSES},p={LANES}${'A' * 22}${'A' * 43}"


def normalize(password: str) -> str:
    """The same characters in Unicode's form C (RFC 8265), whatever keyboard they came from;
    nothing is cut or folded.
    """
    return unicodedata.normalize("NFC", password)


def hash_password(password: str) -> str:
    """What is kept of the password. Raises Busy when too many passwords are being looked at."""
    return _few.call(_hasher.hash, normalize(password))


def matches(password: str, kept: str | None) -> bool:
    """Whether `kept` is a hash of the password; without one it takes as long, and says no.

    Raises Busy like `hashed`.
    """
    try:
        return _few.call(_hasher.verify, kept or DUMMY, normalize(password)) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(kept)


#: Names that are no account's are told apart by ids that are made of them.
NOBODY = uuid.UUID("7f1c3f0e-53a5-4d0e-9a64-6c9d1b6f2a10")


class PasswordProof(NamedTuple):
    """What came of a try: the account that was named, if it exists, and whether the password is
    its own.
    """

    user_id: uuid.UUID | None
    is_right: bool
    #: what was kept when the proof was made
    password_hash: str = ""
    #: what is to be kept from now on, where the parameters have changed since
    renewed_hash: str = ""


def proof_for_name(
    name: str, password: str, allows_attempt: Callable[[uuid.UUID], bool]
) -> PasswordProof:
    """The proof for an email address or a handle. An unknown name takes as long as a wrong
    password.

    So does an account on which no more passwords `allows_attempt`: the right one is wrong then,
    too.
    """
    name = name.strip().lower()
    which = User.email == name if "@" in name.lstrip("@") else User.handle == name.lstrip("@")
    return _proof(which, password, allows_attempt, uuid.uuid5(NOBODY, name))


def proof_for_user(
    user_id: uuid.UUID,
    password: str,
    allows_attempt: Callable[[uuid.UUID], bool] = lambda user_id: True,
) -> PasswordProof:
    """The proof for an account that is known already; `allows_attempt` as above, where the one who
    tries need not be its person.
    """
    return _proof(User.id == user_id, password, allows_attempt, user_id)


def _proof(
    which: sa.ColumnElement[bool],
    password: str,
    allows_attempt: Callable[[uuid.UUID], bool],
    nobody: uuid.UUID,
) -> PasswordProof:
    """Tries are counted for `nobody` where there is no account: counting takes time, too."""
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
    """The failure is in the log: with the account where there is one, never with what was typed."""
    audit.record(action, subject=User(id=proof.user_id))
