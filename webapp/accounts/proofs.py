"""Proofs: whether somebody knows an account's password.

Hashing takes a while on purpose. So the account is looked up beside the request's transaction,
which must hold nothing while a proof is made; what the proof found is compared again when it is
used.
"""

import uuid
from collections.abc import Callable
from typing import NamedTuple

import sqlalchemy as sa

from ..core import audit
from ..core.database import reading
from ..core.extensions import db
from . import hashing
from .models import User

#: Names that are no account's are told apart by ids that are made of them.
NOBODY = uuid.UUID("7f1c3f0e-53a5-4d0e-9a64-6c9d1b6f2a10")


class Proof(NamedTuple):
    """What came of a try: the account that was named, if it exists, and whether the password is
    its own.
    """

    user_id: uuid.UUID | None
    is_right: bool
    #: what was kept when the proof was made
    password_hash: str = ""
    #: what is to be kept from now on, where the parameters have changed since
    renewed_hash: str = ""


def of_name(name: str, password: str, may_try: Callable[[uuid.UUID], bool]) -> Proof:
    """The proof for an e-mail address or a handle. An unknown name takes as long as a wrong
    password.

    So does an account on which no more passwords `may_try`: the right one is wrong then, too.
    """
    name = name.strip().lower()
    which = User.email == name if "@" in name.lstrip("@") else User.handle == name.lstrip("@")
    return _proof(which, password, may_try, uuid.uuid5(NOBODY, name))


def of_user(
    user_id: uuid.UUID, password: str, may_try: Callable[[uuid.UUID], bool] = lambda user_id: True
) -> Proof:
    """The proof for an account that is known already; `may_try` as above, where whoever tries
    need not be its person.
    """
    return _proof(User.id == user_id, password, may_try, user_id)


def _proof(
    which: sa.ColumnElement[bool],
    password: str,
    may_try: Callable[[uuid.UUID], bool],
    nobody: uuid.UUID,
) -> Proof:
    """Tries are counted for `nobody` where there is no account: counting takes time, too."""
    found = _kept(which)
    user_id, kept = found if found is not None else (None, None)
    if not may_try(user_id or nobody):
        kept = None
    if not hashing.is_right(password, kept) or kept is None:
        return Proof(user_id, False)
    return Proof(user_id, True, kept, hashing.hashed(password) if hashing.is_outdated(kept) else "")


def _kept(which: sa.ColumnElement[bool]) -> tuple[uuid.UUID, str] | None:
    token = reading.set(True)
    try:
        with db.engine.connect() as connection:
            row = connection.execute(sa.select(User.id, User.password_hash).where(which)).first()
            return (row[0], row[1]) if row is not None else None
    finally:
        reading.reset(token)


def failed(proof: Proof, action: str) -> None:
    """The failure is in the log: with the account where there is one, never with what was typed."""
    audit.record(action, subject=User(id=proof.user_id))
