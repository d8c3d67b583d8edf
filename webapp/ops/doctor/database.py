"""The database: reachable, migrated, and with the settings that the code expects."""

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from ...core.db import migrations
from ...core.extensions import db
from ...core.time import clock
from ..db_logging_check import findings
from .findings import Finding, bad, good, odd

OLDEST_POSTGRESQL = 140000
#: Seconds between this machine's clock and the database's: worth a warning, and an error.
APART, FAR_APART = 2, 30
_PRAGMAS = {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 1}


def reachable() -> Iterator[Finding]:
    """Check that it responds and has all tables of this version."""
    kind = db.engine.dialect.name
    try:
        with db.engine.connect() as connection:
            found = MigrationContext.configure(connection).get_current_revision()
    except SQLAlchemyError as error:
        remedy = "Is it running? Are the host, the name and the password in DATABASE_URL right?"
        yield bad(f"database: {kind} is not responding ({type(error).__name__})", remedy)
        return
    wanted = _scripts().get_current_head()
    if found == wanted:
        yield good(f"database: {kind} is working, at the latest revision {found}")
    elif migrations.is_unreleased(found):
        remedy = "Use an empty database, and run `flask db upgrade`."
        yield bad(
            f"database: {kind} was made before Folkmoot's first release (revision {found})", remedy
        )
    elif found is None or found in {script.revision for script in _scripts().walk_revisions()}:
        yield bad(
            f"database: {kind} is at revision {found or 'none'}, but this version needs {wanted}",
            "Run `flask db upgrade`.",
        )
    else:
        yield bad(
            f"database: {kind} is at revision {found}, which this version doesn't know",
            "Install the newer Folkmoot again.",
        )


def settings() -> Iterator[Finding]:
    """Check that it handles text, times and transactions as the code expects."""
    with db.engine.connect() as connection:
        looks = (
            _sqlite(connection) if connection.dialect.name == "sqlite" else _postgresql(connection)
        )
        yield from list(looks) or [good("database: its settings are as expected")]


def _sqlite(connection: sa.Connection) -> Iterator[Finding]:
    for name, wanted in _PRAGMAS.items():
        found = connection.exec_driver_sql(f"PRAGMA {name}").scalar()
        if found != wanted:
            remedy = (
                "Put the file on a local disk: network folders support neither its locks nor "
                "its write-ahead log."
            )
            yield bad(f"database: SQLite's {name} is {found}, not {wanted}", remedy)
    verdict = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    if verdict != "ok":
        yield bad(
            "database: the SQLite file is damaged",
            "Stop the site, keep the file, and restore the latest backup.",
        )
    if current_app.config["REDIS_URL"]:
        remedy = (
            "Run web, worker and clock on this machine only, or move to PostgreSQL: back up, then "
            "restore to it."
        )
        yield odd("database: SQLite is used, although Redis allows several processes", remedy)


def _postgresql(connection: sa.Connection) -> Iterator[Finding]:
    def setting(name: str) -> str:
        return str(connection.exec_driver_sql(f"SHOW {name}").scalar())

    if int(setting("server_version_num")) < OLDEST_POSTGRESQL:
        yield bad(
            f"database: PostgreSQL {setting('server_version')} is too old",
            "Folkmoot needs PostgreSQL 14 or newer.",
        )
    if setting("server_encoding") != "UTF8":
        remedy = (
            "Back up, recreate the database with ENCODING 'UTF8' TEMPLATE template0, and restore."
        )
        yield bad(f"database: its encoding is {setting('server_encoding')}, not UTF8", remedy)
    if setting("transaction_isolation") != "read committed":
        remedy = (
            _alter("SET default_transaction_isolation = 'read committed'")
            + " Other levels make requests fail."
        )
        yield bad(
            f"database: its transaction isolation is {setting('transaction_isolation')}", remedy
        )
    if setting("transaction_read_only") != "off":
        yield bad("database: it is read-only", "DATABASE_URL must name the primary, not a replica.")


def _alter(words: str) -> str:
    """Return an ALTER DATABASE statement for `psql`."""
    name = db.engine.dialect.identifier_preparer.quote(str(db.engine.url.database))
    return f"ALTER DATABASE {name} {words};"


def discretion() -> Iterator[Finding]:
    """Check that its settings don't reveal secret ballots."""
    if db.engine.dialect.name == "sqlite":
        return
    with db.engine.connect() as connection:
        exposed = list(findings(connection))
    for name, found, what in exposed:
        remedy = (
            f"{_alter(f'RESET {name}')} Or change it in postgresql.conf and reload PostgreSQL. "
            "See docs/operating.md for the reason."
        )
        yield odd(f"database: with {name} = {found} {what}", remedy)
    if not exposed:
        yield good("database: it logs neither ballots nor when they were cast")


def clocks() -> Iterator[Finding]:
    """Check that this machine's clock and the database's agree."""
    if db.engine.dialect.name == "sqlite":
        yield good("clocks: SQLite uses this machine's clock")
        return
    with db.engine.connect() as connection:
        theirs: datetime = connection.execute(sa.text("SELECT clock_timestamp()")).scalar_one()
    seconds = abs((clock.now() - theirs).total_seconds())
    words = f"clocks: this machine and the database are {seconds:.1f} s apart"
    remedy = "Set both by NTP (`timedatectl set-ntp true`): deadlines depend on them."
    if seconds < APART:
        yield good(words)
    else:
        yield bad(words, remedy) if seconds > FAR_APART else odd(words, remedy)


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(current_app.extensions["migrate"].migrate.get_config())
