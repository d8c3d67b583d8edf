"""Removing deleted rows from the database's files, so that nothing leads from a ballot to its
voter. `decisions/0045`.

PostgreSQL leaves old rows in the file, with the transaction that wrote them, and so do its indexes:
a mix gives the tables new files. SQLite overwrites deleted rows (`core.db.engine.PRAGMAS`), but
its write-ahead log keeps whole pages until it is truncated.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import structlog

from ...core.db import site_flags
from ...core.db.engine import LOCK_TIMEOUT
from ...core.extensions import db
from ..models import SecretBallot, SecretLink, SecretRoll, Vote

log = structlog.get_logger(__name__)

#: Flag of a mix, or of a truncation of SQLite's log, that failed and is retried every minute. Its
#: time is the first failure.
FAILED = "secret-files"
#: How long a mix waits for the tables. Shorter than PostgreSQL's deadlock timeout of one second: if
#: a mix and a request wait for each other, the mix gives up and is retried.
PATIENCE = "500ms"
SQLITE_PATIENCE = 1000  # milliseconds

#: The tables, in the order in which a ballot touches them, each with a column that serves to
#: rewrite its file.
TABLES: dict[Any, str] = {SecretRoll: "voted", SecretBallot: "is_fresh", SecretLink: "n"}
NAMES = {model.__tablename__ for model in TABLES}
_ALL = ", ".join(model.__tablename__ for model in TABLES)


def hold() -> None:
    """Block other mixes until this transaction ends. Ballots can still be cast in votes that the
    caller hasn't locked.
    """
    if db.engine.dialect.name != "sqlite":  # on SQLite this transaction is the only writer
        _execute(f"LOCK TABLE {SecretRoll.__tablename__} IN SHARE UPDATE EXCLUSIVE MODE")


def hold_for_reading(connection: sa.Connection) -> None:
    """Block mixes until this transaction, or its savepoint, ends: a snapshot from before a mix
    would find the tables empty.
    """
    connection.exec_driver_sql(f"LOCK TABLE {_ALL} IN ACCESS SHARE MODE")


def renew() -> None:
    """Give the tables and indexes new files at commit, which hold only current rows, all written by
    this transaction.

    From here on only this transaction can use the tables. PostgreSQL rewrites a table to a new file
    when a column's type is set by an expression that it can't foresee. Unlike VACUUM FULL that
    works inside a transaction, and drops old rows even if other transactions may still see them.
    Raises OperationalError if someone locks the tables for long.
    """
    if db.engine.dialect.name == "sqlite":
        return
    _execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
    _execute(f"LOCK TABLE {_ALL} IN ACCESS EXCLUSIVE MODE")
    _execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
    for model, column in TABLES.items():
        kind = model.__table__.c[column].type.compile(db.engine.dialect)
        same = f"CASE WHEN random() < 2 THEN {column} END"
        _execute(
            f"ALTER TABLE {model.__tablename__} ALTER COLUMN {column} TYPE {kind} USING {same}"
        )


def _execute(statement: str) -> None:
    db.session.connection().exec_driver_sql(statement)


def cut_log() -> bool:
    """Remove secret ballots from SQLite's log; return whether that worked. Call it outside any
    transaction.
    """
    if db.engine.dialect.name != "sqlite":
        return True
    with db.engine.connect() as connection:
        file = connection.connection.dbapi_connection
        assert file is not None
        if (
            file.execute(
                "SELECT 1 FROM vote WHERE is_secret AND opened_at IS NOT NULL LIMIT 1"
            ).fetchone()
            is None
        ):
            return True
        try:
            file.execute(f"PRAGMA busy_timeout = {SQLITE_PATIENCE}")
            busy, _frames, _done = file.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            connection.invalidate()  # so that the connection isn't reused with this timeout
    return not busy


def has_secret(vote_ids: Sequence[UUID]) -> bool:
    """Return whether one of these votes is secret."""
    query = sa.exists().where(Vote.id.in_(vote_ids), Vote.is_secret)
    return bool(vote_ids) and bool(db.session.scalar(sa.select(query)))


def failed() -> None:
    """Log the failure, and show it in the site's status and `flask doctor` until a retry
    succeeds.
    """
    log.error("secret_ballots_not_mixed")
    if site_flags.get(FAILED) is None:
        site_flags.set_now(FAILED)
