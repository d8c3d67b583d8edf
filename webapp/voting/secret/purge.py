"""What the database's files keep of rows that are gone: nothing that leads from a ballot to its
voter. `decisions/0045`.

PostgreSQL leaves every old row in the file, with the transaction that wrote it, and so do its
indexes: a mix gives the tables new files. SQLite overwrites what is deleted
(`core.db.session.PRAGMAS`), but its write-ahead log keeps whole pages until it is cut off.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import structlog

from ...core.db import site_flags
from ...core.db.session import LOCK_TIMEOUT
from ...core.extensions import db
from ..models import SecretBallot, SecretLink, SecretRoll, Vote

log = structlog.get_logger(__name__)

#: The mark of a mix, or of a cut of SQLite's log, that failed and is tried again every minute. Its
#: moment is the first failure.
FAILED = "secret-files"
#: How long a mix waits for the tables. Shorter than PostgreSQL takes to find a deadlock (one
#: second): of a mix and a request that wait for each other, the mix gives up, and is tried again.
PATIENCE = "500ms"
SQLITE_PATIENCE = 1000  # milliseconds

#: The tables, in the order in which a ballot touches them, each with a column that its new file is
#: written by.
TABLES: dict[Any, str] = {SecretRoll: "voted", SecretBallot: "is_fresh", SecretLink: "n"}
NAMES = {model.__tablename__ for model in TABLES}
_ALL = ", ".join(model.__tablename__ for model in TABLES)


def hold() -> None:
    """No other mix runs until this transaction ends; ballots go on coming to the votes that the
    caller doesn't hold.
    """
    if db.engine.dialect.name != "sqlite":  # there this transaction is the only writer
        _execute(f"LOCK TABLE {SecretRoll.__tablename__} IN SHARE UPDATE EXCLUSIVE MODE")


def hold_for_reading(connection: sa.Connection) -> None:
    """No mix begins until this transaction, or its savepoint, ends: a snapshot from before a mix
    would find the tables empty.
    """
    connection.exec_driver_sql(f"LOCK TABLE {_ALL} IN ACCESS SHARE MODE")


def renew() -> None:
    """When this transaction commits, the files of tables and indexes hold the rows of now, all
    written by it, and nothing else.

    From here on nobody else reads or writes the tables. PostgreSQL writes a table to a new file
    when the type of a column is set by an expression that it can't foresee; unlike VACUUM FULL it
    does so inside a transaction, and drops the old rows, no matter who may still see them. Raises
    OperationalError when someone keeps the tables for long.
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
    """SQLite's log holds no secret ballot; says whether that is so. Outside of any transaction."""
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
            connection.invalidate()  # the next user of a connection has the usual patience
    return not busy


def has_secret(vote_ids: Sequence[UUID]) -> bool:
    """Return whether one of these votes is secret."""
    query = sa.exists().where(Vote.id.in_(vote_ids), Vote.is_secret)
    return bool(vote_ids) and bool(db.session.scalar(sa.select(query)))


def failed() -> None:
    """The log says so, and the site's status and `flask doctor` until it has been made good."""
    log.error("secret_ballots_not_mixed")
    if site_flags.get(FAILED) is None:
        site_flags.set_now(FAILED)
