"""What the database keeps of rows that are gone: once a secret vote is over, its tables are made anew without it.

PostgreSQL leaves the old rows in the file, with the transaction that wrote them, and a plain VACUUM copies of their pages.
SQLite overwrites what is deleted (`core.database.PRAGMAS`), but its log keeps whole pages until it is cut off.
"""

import time
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from ...core import clock
from ...core.extensions import db
from ...groups.models import Group
from ..models import SecretBallot, SecretLink, SecretRoll, Vote

#: So long others stand behind us while we wait for a table: PostgreSQL's spelling, and SQLite's milliseconds.
PATIENCE, SQLITE_PATIENCE = "2s", 1000
#: So often, and after so many seconds each, we look whether somebody still sees the database as it was.
LOOKS, PAUSE = 20, 0.25


def due() -> list[UUID]:
    """The secret votes that are over, or whose group was put away, and that were not cleared up after since."""
    put_away = sa.exists().where(Group.id == Vote.group_id, Group.deleted_at.is_not(None))
    over = sa.or_(Vote.closed_at.is_not(None), Vote.cancelled_at.is_not(None), Vote.deleted_at.is_not(None), put_away)
    wanted = sa.select(Vote.id).where(Vote.is_secret, over, Vote.cleared_at.is_(None))
    return list(db.session.scalars(wanted.order_by(Vote.id)))


def note(vote_ids: list[UUID]) -> None:
    """These were cleared up after."""
    done = sa.update(Vote).where(Vote.id.in_(vote_ids)).values(cleared_at=clock.now())
    db.session.execute(done.execution_options(synchronize_session="fetch"))


def clear() -> bool:
    """Nothing is left in the database's files of rows that were gone when this was called; False where somebody was in the way,
    and it is to be tried again. Outside of any transaction."""
    return _checkpoint() if db.engine.dialect.name == "sqlite" else _vacuum()


def cut_log() -> bool:
    """Of SQLite's log nothing is left; elsewhere nothing is done. Says whether nobody was in the way."""
    return db.engine.dialect.name != "sqlite" or _checkpoint()


def _checkpoint() -> bool:
    with db.engine.connect() as connection:
        file = connection.connection.dbapi_connection
        assert file is not None
        try:
            file.execute(f"PRAGMA busy_timeout = {SQLITE_PATIENCE}")
            busy, _frames, _done = file.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            connection.invalidate()  # whoever comes next has a connection with the usual patience
    return not busy


def _vacuum() -> bool:
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        try:
            connection.exec_driver_sql(f"SET lock_timeout = '{PATIENCE}'")
            if not _nobody_looks_back(connection):
                return False
            for model in (SecretBallot, SecretRoll, SecretLink):
                connection.exec_driver_sql(f"VACUUM (FULL) {model.__tablename__}")
        except OperationalError:  # somebody holds one of them
            return False
        finally:
            connection.invalidate()
    return True


def _nobody_looks_back(connection: sa.Connection) -> bool:
    """Whether nobody is left for whom the rows are still there: a VACUUM would keep them what they see. Those who began before
    we came have ended: who reads here, PostgreSQL's own processes, and who writes in any database: our own look begins there."""
    since: datetime = connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
    for _look in range(LOOKS):
        if not connection.execute(_OLDER, {"since": since}).scalar_one():
            return True
        time.sleep(PAUSE)
    return False


_OLDER = sa.text("""
SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND xact_start < :since
AND (backend_xid IS NOT NULL OR (backend_xmin IS NOT NULL AND (datname = current_database() OR datname IS NULL)))
""")
