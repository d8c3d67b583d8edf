"""The lock on what a person may do: shared by their own changes, taken alone by what ends a right
of theirs.

A change checks at its beginning what its actor may do, and writes at its end. If their account,
membership or role ended in between, what they wrote would stay: a seat of a closed account. So each
request that changes something shares this lock, and whatever takes a right away waits for the
changes that have begun. Those that begin later see what was decided. See `decisions/0059`.

SQLite has one transaction at a time that writes, so it needs no such lock.
"""

from typing import Any

import sqlalchemy as sa

from ..extensions import db

#: The first half of the lock's key, an arbitrary number. The second is a hash of the person's id:
#: two people who share one may wait for each other, no more.
KIND: sa.ColumnElement[Any] = sa.literal_column("1301")


def is_needed() -> bool:
    """Whether the database lets several transactions write at a time."""
    return db.engine.dialect.name == "postgresql"


def column(user_id: Any, alone: bool = False) -> sa.ColumnElement[Any]:
    """Return a column that takes the lock of each person found: shared, or `alone`."""
    lock = sa.func.pg_advisory_xact_lock if alone else sa.func.pg_advisory_xact_lock_shared
    return lock(KIND, sa.func.hashtext(sa.cast(user_id, sa.Text)))


def end_rights_of(user_id: Any) -> None:
    """Wait for the person's own changes, and keep others from beginning until the transaction ends.

    Call it before other locks are taken. A route by which people end a right of their own has
    `core.http.permissions.acts_alone`.
    """
    if is_needed():
        db.session.execute(_ALONE, {"user": user_id})


def keep_rights_of(user: Any) -> None:
    """Keep this person's rights from ending until the transaction ends, and reload them: someone
    else gives them what only people with these rights can hold.

    Call it before other locks are taken.
    """
    if is_needed():
        db.session.execute(_SHARED, {"user": user.id})
        db.session.refresh(user)


_SHARED = sa.select(column(sa.bindparam("user", type_=sa.Uuid)))
_ALONE = sa.select(column(sa.bindparam("user", type_=sa.Uuid), alone=True))
