"""How the tables change beside code that runs: one process migrates at a time, and it never holds
up the others for long.

A statement that waits for a table makes everyone behind it wait too. So it gives up soon, and
tries again later.
"""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from typing import Any

import click
import sqlalchemy as sa
import structlog
from flask import Flask
from werkzeug.local import LocalProxy

from ...config import ROOT
from ..extensions import db

log = structlog.get_logger(__name__)

#: Any number, the same for every process that migrates this database.
LOCK = 7_316_204
#: How long a second release waits for the first.
TURN = "15min"
#: How long others stand behind a migration that waits for a table: PostgreSQL's spelling, and
#: SQLite's milliseconds.
PATIENCE, SQLITE_PATIENCE = "2s", 60_000
TRIES, PAUSE = 20, 3.0
#: What PostgreSQL calls a lock that it did not get in time, and two that wait for each other.
IN_USE = {"55P03", "40P01"}


#: Where the migrations lie, and how each says which it is and what it follows.
FOLDER = ROOT / "migrations"
_NAMES = re.compile(r'^(?:down_)?revision = "(\w+)"$', re.MULTILINE)
#: How revisions were named before the first release, which has all of them in one: four digits, and
#: at last the drafts of that one.
_UNRELEASED = re.compile(r"\d{4}|0001_first_release")


def init_app(app: Flask) -> None:
    """`flask db` finds what it needs.

    Alembic is read only then: it takes eleven megabytes, which no web worker needs.
    """
    app.extensions["migrate"] = LocalProxy(partial(_alembic, app))
    app.cli.add_command(_Commands("db", help="Perform database migrations."))


class _Commands(click.Command):
    """`flask db …`: Flask-Migrate's own group takes over as soon as someone calls it."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """The context of the group."""
        from flask_migrate.cli import db as commands

        return commands.make_context(info_name, args, parent, **extra)


@cache
def _alembic(app: Flask) -> Any:
    from flask_migrate import Migrate

    lazy = app.extensions["migrate"]
    Migrate(app, db, directory=str(FOLDER), render_as_batch=True, compare_type=True)
    made, app.extensions["migrate"] = app.extensions["migrate"], lazy
    return made


class TablesInUse(RuntimeError):
    """No migration has been carried out: others held the tables at every try."""


@contextmanager
def exclusively(engine: sa.Engine) -> Iterator[None]:
    """Nobody else migrates this database meanwhile. On SQLite the transaction of a writer is
    enough.

    The lock belongs to a transaction, not to a session: so it goes with us, through a connection
    pooler too.
    """
    if engine.dialect.name != "postgresql":
        yield
        return
    with engine.begin() as guard:
        guard.exec_driver_sql(f"SET LOCAL lock_timeout = '{TURN}'")
        guard.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
        guard.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
        yield


def limit_waiting(connection: sa.Connection) -> None:
    """From now on no statement of this connection waits long for a table that is in use."""
    if connection.dialect.name == "sqlite":
        raw: Any = connection.connection.dbapi_connection
        raw.execute(f"PRAGMA busy_timeout={SQLITE_PATIENCE}")
        return

    @sa.event.listens_for(connection, "begin")
    def _give_up_soon(connection: sa.Connection) -> None:
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{PATIENCE}'")


def retry_while_busy(attempt: Callable[[], None]) -> None:
    """`attempt` has succeeded; it is made again while someone else holds the tables.

    Raises TablesInUse in the end.
    """
    for number in range(1, TRIES + 1):
        try:
            return attempt()
        except sa.exc.OperationalError as error:
            if not _in_use(error):
                raise
            log.warning("migration_waits", attempt=number, of=TRIES)
        time.sleep(PAUSE)
    raise TablesInUse(
        "The tables are in use. Nothing has been changed: run `flask db upgrade` again when less "
        "goes on."
    )


class Unreleased(RuntimeError):
    """The tables were made before the first release: no migration leads from them to those of
    today.
    """

    def __init__(self) -> None:
        super().__init__(
            "This database was made before Folkmoot's first release, and can't be upgraded."
        )


def is_unreleased(revision: str | None) -> bool:
    """Whether the tables of this revision are from before the first release."""
    return _UNRELEASED.fullmatch(revision or "") is not None


def is_behind(connection: sa.Connection) -> bool:
    """Whether the database lacks a migration that this code has.

    One that a newer version has migrated is not behind: until the processes are renewed, the older
    code goes on there.
    """
    newest, known = revisions()
    if not sa.inspect(connection).has_table("alembic_version"):
        return True
    found = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return found is None or (found != newest and found in known)


@cache
def revisions() -> tuple[str, frozenset[str]]:
    """(the newest revision, all of them): the newest is the one that no other follows."""
    named = [_NAMES.findall(path.read_text()) for path in (FOLDER / "versions").glob("*.py")]
    known = {names[0] for names in named}
    [newest] = known - {name for names in named for name in names[1:]}
    return newest, frozenset(known)


def _in_use(error: sa.exc.OperationalError) -> bool:
    busy = getattr(error.orig, "sqlite_errorname", "").startswith("SQLITE_BUSY")
    return busy or getattr(error.orig, "sqlstate", None) in IN_USE
