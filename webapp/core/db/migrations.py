"""Migrate while the site runs: one process at a time, without blocking others for long.

A statement that waits for a table makes every later statement wait too. So it gives up soon and is
tried again.
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

#: The advisory lock: an arbitrary number, the same for every process that migrates this database.
LOCK = 7_316_204
#: How long a second migrating process waits for the first.
TURN = "15min"
#: How long a migration may wait for a table, and block those behind it. PostgreSQL's format, and
#: milliseconds for SQLite.
PATIENCE, SQLITE_PATIENCE = "2s", 60_000
TRIES, PAUSE = 20, 3.0
#: PostgreSQL's error codes for a lock timeout and for a deadlock.
IN_USE = {"55P03", "40P01"}


#: The migrations, and the pattern of the revisions that they name.
FOLDER = ROOT / "migrations"
_NAMES = re.compile(r'^(?:down_)?revision = "(\w+)"$', re.MULTILINE)
#: Revisions from before the first release, which replaced them all: four digits, and drafts of the
#: first release.
_UNRELEASED = re.compile(r"\d{4}|0001_first_release")


def init_app(app: Flask) -> None:
    """Add `flask db`.

    Alembic is imported only when needed: it takes 11 MB, and web workers never use it.
    """
    app.extensions["migrate"] = LocalProxy(partial(_alembic, app))
    app.cli.add_command(_Commands("db", help="Perform database migrations."))


class _Commands(click.Command):
    """`flask db …`: loads Flask-Migrate's own group when someone calls it."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """Return the context of Flask-Migrate's group."""
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
    """Nothing was migrated: other connections held the tables at every attempt."""


@contextmanager
def exclusively(engine: sa.Engine) -> Iterator[None]:
    """Keep other processes from migrating this database. On SQLite the write transaction is enough.

    The lock belongs to a transaction, not to a session, so it works through a connection pooler.
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
    """Limit how long statements of this connection wait for a table in use."""
    if connection.dialect.name == "sqlite":
        raw: Any = connection.connection.dbapi_connection
        raw.execute(f"PRAGMA busy_timeout={SQLITE_PATIENCE}")
        return

    @sa.event.listens_for(connection, "begin")
    def _give_up_soon(connection: sa.Connection) -> None:
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{PATIENCE}'")


def retry_while_busy(attempt: Callable[[], None]) -> None:
    """Call `attempt`, and again while other connections hold the tables.

    Raises TablesInUse after the last attempt.
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
    """The tables are from before the first release. No migration leads from there to today's."""

    def __init__(self) -> None:
        super().__init__(
            "This database was made before Folkmoot's first release, and can't be upgraded."
        )


def is_unreleased(revision: str | None) -> bool:
    """Whether the tables of this revision are from before the first release."""
    return _UNRELEASED.fullmatch(revision or "") is not None


def is_behind(connection: sa.Connection) -> bool:
    """Whether the database lacks a migration that this code has.

    A database that a newer version has migrated is not behind: old processes use it until they are
    restarted.
    """
    newest, known_revisions = revisions()
    if not sa.inspect(connection).has_table("alembic_version"):
        return True
    found = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return found is None or (found != newest and found in known_revisions)


@cache
def revisions() -> tuple[str, frozenset[str]]:
    """Return the newest revision (the one that no other follows) and all revisions."""
    named = [_NAMES.findall(path.read_text()) for path in (FOLDER / "versions").glob("*.py")]
    known_revisions = {names[0] for names in named}
    [newest] = known_revisions - {name for names in named for name in names[1:]}
    return newest, frozenset(known_revisions)


def _in_use(error: sa.exc.OperationalError) -> bool:
    busy = getattr(error.orig, "sqlite_errorname", "").startswith("SQLITE_BUSY")
    return busy or getattr(error.orig, "sqlstate", None) in IN_USE
