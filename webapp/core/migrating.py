"""How the tables change beside code that runs: one process migrates at a time, and it never holds up the others for long.

A statement that waits for a table makes everybody behind it wait too. So it gives up soon, and tries again later.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

import sqlalchemy as sa
import structlog
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from ..config import ROOT

log = structlog.get_logger(__name__)

#: Any number, the same for every process that migrates this database.
LOCK = 7_316_204
#: How long a second release waits for the first.
TURN = "15min"
#: How long others stand behind a migration that waits for a table: PostgreSQL's spelling, and SQLite's milliseconds.
PATIENCE, SQLITE_PATIENCE = "2s", 60_000
TRIES, PAUSE = 20, 3.0
#: What PostgreSQL calls a lock that it did not get in time, and two that wait for each other.
IN_USE = {"55P03", "40P01"}


class TablesInUse(RuntimeError):
    """No migration has been carried out: others held the tables at every try."""


@contextmanager
def alone(engine: sa.Engine) -> Iterator[None]:
    """Nobody else migrates this database meanwhile. On SQLite the transaction of a writer is enough.

    The lock belongs to a transaction, not to a session: so it goes with us, through a connection pooler too.
    """
    if engine.dialect.name != "postgresql":
        yield
        return
    with engine.begin() as guard:
        guard.exec_driver_sql(f"SET LOCAL lock_timeout = '{TURN}'")
        guard.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
        guard.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
        yield


def impatient(connection: sa.Connection) -> None:
    """From now on no statement of this connection waits long for a table that is in use."""
    if connection.dialect.name == "sqlite":
        connection.connection.dbapi_connection.execute(f"PRAGMA busy_timeout={SQLITE_PATIENCE}")  # type: ignore[union-attr]
        return

    @sa.event.listens_for(connection, "begin")
    def _give_up_soon(connection: sa.Connection) -> None:
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{PATIENCE}'")


def patiently(attempt: Callable[[], None]) -> None:
    """`attempt` has succeeded; it is made anew while somebody else holds the tables. Raises TablesInUse in the end."""
    for number in range(1, TRIES + 1):
        try:
            return attempt()
        except sa.exc.OperationalError as error:
            if not _in_use(error):
                raise
            log.warning("migration_waits", attempt=number, of=TRIES)
        time.sleep(PAUSE)
    raise TablesInUse("The tables are in use. Nothing has been changed: run `flask db upgrade` again when less goes on.")


def is_behind(connection: sa.Connection) -> bool:
    """Whether the database lacks a migration that this code has.

    One that a newer version has migrated is not behind: until the processes are renewed, the older code goes on there.
    """
    found = MigrationContext.configure(connection).get_current_revision()
    newest, older = _known()
    return found is None or (found != newest and found in older)


@cache
def _known() -> tuple[str | None, frozenset[str]]:
    scripts = ScriptDirectory(str(ROOT / "migrations"))
    return scripts.get_current_head(), frozenset(script.revision for script in scripts.walk_revisions())


def _in_use(error: sa.exc.OperationalError) -> bool:
    busy = getattr(error.orig, "sqlite_errorname", "").startswith("SQLITE_BUSY")
    return busy or getattr(error.orig, "sqlstate", None) in IN_USE
