"""Restoring a backup in one transaction: the data is replaced and verified, or nothing changes."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory
from flask import current_app
from flask_babel import gettext as _
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, StatementError
from sqlalchemy.orm import Session

from ...accounts.models import EmailedLink, SignIn
from ...core.db import migrations
from ...core.db.site_flags import HEARTBEAT, SiteFlag
from ...core.extensions import db
from ...core.http.errors import UserError
from ...core.observability.audit import AuditEntry
from ...core.storage.disk import is_full
from ...core.storage.files import StorageUnavailable
from ...core.text import search
from ...core.time import clock
from ...mail.leases import PAUSED
from ...mail.models import QUEUED, SENDING, OutgoingEmail
from . import archive, rows
from .archive import DAMAGED, Reader


class Aftermath(NamedTuple):
    """How many sign-ins ended, emailed links stopped working, and emails are paused."""

    sign_ins: int
    links: int
    emails: int


def after_restore(connection: sa.Connection, manifest: dict[str, Any]) -> Aftermath:
    """End all sign-ins, invalidate emailed links, pause email, and write to the audit log."""
    with Session(connection) as session:
        sign_ins, links = (_emptied(session, model) for model in (SignIn, EmailedLink))
        emails = (
            session.scalar(
                sa.select(sa.func.count()).where(OutgoingEmail.state.in_((QUEUED, SENDING)))
            )
            or 0
        )
        session.execute(sa.delete(SiteFlag).where(SiteFlag.name.in_((PAUSED, HEARTBEAT))))
        session.add(SiteFlag(name=PAUSED, at=clock.now(), note="restored"))
        details = {"made_at": manifest["made_at"], "revision": manifest["revision"]}
        session.add(AuditEntry(action="site.restored", details=details))
        session.flush()
    return Aftermath(sign_ins, links, emails)


def _emptied(session: Session, model: type) -> int:
    return session.execute(sa.delete(model)).rowcount  # type: ignore[attr-defined]


#: Tables that have rows even if nobody has used the site yet.
OF_ITSELF = {"alembic_version", "site_flag", "category"}


def clear(connection: sa.Connection, replace: bool) -> None:
    """Drop all tables.

    Raises UserError if they contain people's data, unless `replace`.
    """
    names = sa.inspect(connection).get_table_names()
    if not replace:
        _refuse_used(
            connection,
            [name for name in names if name not in OF_ITSELF and not search.is_kept_for_it(name)],
        )
    if connection.dialect.name == "sqlite":
        names = _without_search(connection)
    quoted = [connection.dialect.identifier_preparer.quote(name) for name in names]
    if connection.dialect.name == "sqlite":
        for name in quoted:
            connection.exec_driver_sql(f"DROP TABLE {name}")
        return
    if quoted:
        connection.exec_driver_sql(f"DROP TABLE {', '.join(quoted)} CASCADE")
    for function in connection.exec_driver_sql(_FUNCTIONS).scalars().all():
        connection.exec_driver_sql(f"DROP ROUTINE {function} CASCADE")


def _without_search(connection: sa.Connection) -> list[str]:
    """Drop the search tables and return the rest: they can't be dropped one by one."""
    for name in connection.exec_driver_sql(_VIRTUAL).scalars().all():
        connection.exec_driver_sql(
            f"DROP TABLE {connection.dialect.identifier_preparer.quote(name)}"
        )
    return sa.inspect(connection).get_table_names()


_VIRTUAL = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%'"
)

#: Functions made by migrations, not by extensions.
_FUNCTIONS = """
SELECT p.oid::regprocedure::text FROM pg_proc p
WHERE p.pronamespace = current_schema()::regnamespace
AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
"""


def _refuse_used(connection: sa.Connection, names: Iterable[str]) -> None:
    for name in names:
        if (
            connection.execute(
                sa.select(sa.literal(1)).select_from(sa.table(name)).limit(1)
            ).first()
            is not None
        ):
            sentence = _(
                "This database isn’t empty (“%(table)s” has rows). Use --replace to replace it "
                "with the backup.",
                table=name,
            )
            raise UserError(sentence)


@contextmanager
def unchecked(connection: sa.Connection, tables: Mapping[str, sa.Table]) -> Iterator[None]:
    """Inside, rows may precede those they refer to; at the end all references are checked."""
    if connection.dialect.name == "sqlite":  # SQLite's checks are off during the whole restore
        yield
        wrong = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if wrong is not None:
            raise UserError(unfit(wrong[0]))
        return
    _alter(connection, tables, "DEFERRABLE INITIALLY DEFERRED")
    yield
    try:
        connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
    except IntegrityError as error:
        raise UserError(unfit(error.orig.diag.table_name)) from error  # type: ignore[union-attr]
    _alter(connection, tables, "NOT DEFERRABLE")


def unfit(table: str) -> str:
    """Return the message for rows that the database doesn't accept."""
    return _(
        "The rows of “%(table)s” in the archive can’t be read, or don’t fit. Nothing was changed.",
        table=table,
    )


def _alter(connection: sa.Connection, tables: Mapping[str, sa.Table], how: str) -> None:
    quote = connection.dialect.identifier_preparer.quote
    for table in tables.values():
        for key in table.foreign_key_constraints:
            connection.exec_driver_sql(
                f"ALTER TABLE {quote(table.name)} ALTER CONSTRAINT {quote(str(key.name))} {how}"
            )


#: Seconds to wait for locks on the database.
PATIENCE = 10


class Restored(NamedTuple):
    """The result of a restore: the manifest, the database's revision now, and the aftermath."""

    manifest: dict[str, Any]
    revision: str
    aftermath: Aftermath


def restore(path: Path, replace: bool = False) -> Restored:
    """Restore the backup, verifying every row; after any exception nothing has changed.

    Everyone is signed out, and email is paused until a person releases it. Raises UserError with a
    message for the operator.
    """
    with archive.opened(path) as source:
        _refuse_other_versions(source.manifest["revision"])
        files = current_app.extensions["files"]
        with files.staged(source.files()):
            with exclusively() as connection:
                clear(connection, replace)
                _bring(connection, source)
                _upgrade(connection, "heads")
                after = after_restore(connection, source.manifest)
            try:
                files.replace()
            except (OSError, StorageUnavailable) as error:
                raise UserError(_half_done(error)) from error
        return Restored(source.manifest, _head(), after)


def _half_done(error: Exception) -> str:
    return _(
        "The rows are restored, but the files aren’t (%(what)s). Run `flask doctor`, then restore "
        "again with --replace.",
        what=type(error).__name__,
    )


def _refuse_other_versions(revision: str) -> None:
    """Raise UserError if no migration leads from this revision to the code's."""
    if migrations.is_unreleased(revision):
        raise UserError(
            _(
                "This backup was made before Folkmoot’s first release (revision %(revision)s). "
                "This version can’t read its tables.",
                revision=revision,
            )
        )
    # by its whole name: Alembic also takes the beginning of one, or "head"
    if revision not in {script.revision for script in _script().walk_revisions()}:
        raise UserError(
            _(
                "This backup was made by a newer Folkmoot (revision %(revision)s). Install that "
                "version first.",
                revision=revision,
            )
        )


def _bring(connection: sa.Connection, source: Reader) -> None:
    """Create the tables of the backup's revision, insert its rows and verify them.

    Raises UserError if they don't match the manifest.
    """
    _upgrade(connection, source.manifest["revision"])
    found, said = rows.tables(connection), source.manifest["tables"]
    if {name: [c.name for c in rows.columns(t)] for name, t in found.items()} != {
        n: t["columns"] for n, t in said.items()
    }:
        raise UserError(_("The tables in the backup don’t match its revision."))
    with unchecked(connection, found):
        for name, table in found.items():
            if _holds(connection, table):  # rows that a migration inserted are in the backup, too
                connection.execute(table.delete())
            with _fitting(name):
                _prove(name, _written(connection, table, source, said[name]["rows"]), said[name])
    for name, table in found.items():
        with _fitting(name):
            _prove(name, rows.digest(connection, table), said[name])


def _written(
    connection: sa.Connection, table: sa.Table, source: Reader, most: int
) -> dict[str, Any]:
    """Insert the table's rows and return their digest. Stops after one more than expected."""
    digest = rows.RowDigest()
    rows.write(connection, table, islice(digest.of(source.rows(table.name)), max(most, 0) + 1))
    return digest.plain()


@contextmanager
def _fitting(table: str) -> Iterator[None]:
    """Raise UserError for rows that can't be read, or that the database doesn't accept."""
    try:
        yield
    except (*DAMAGED, StatementError) as error:
        if is_full(error) or (isinstance(error, DBAPIError) and error.connection_invalidated):
            raise
        raise UserError(unfit(table)) from error


def _holds(connection: sa.Connection, table: sa.Table) -> bool:
    return (
        connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first() is not None
    )


def _prove(table: str, found: dict[str, Any], expected: dict[str, Any]) -> None:
    if any(found[key] != expected[key] for key in ("rows", "digest")):
        raise UserError(
            _(
                "The rows of “%(table)s” don’t match the manifest. Nothing was changed.",
                table=table,
            )
        )


def _upgrade(connection: sa.Connection, revision: str) -> None:
    """Migrate to the revision inside the connection's transaction."""
    config = current_app.extensions["migrate"].migrate.get_config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _script() -> ScriptDirectory:
    return ScriptDirectory.from_config(current_app.extensions["migrate"].migrate.get_config())


def _head() -> str:
    return str(_script().get_current_head())


@contextmanager
def exclusively() -> Iterator[sa.Connection]:
    """Return a connection with a transaction that nobody writes beside.

    Raises UserError if the database is in use.
    """
    db.session.remove()
    with db.engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if (
            sqlite
        ):  # SQLite recreates tables to change them; this must be set before the transaction
            for pragma in ("foreign_keys=OFF", f"busy_timeout={PATIENCE * 1000}"):
                raw: Any = connection.connection.dbapi_connection
                raw.execute(f"PRAGMA {pragma}")
        try:
            with connection.begin():
                if not sqlite:
                    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{PATIENCE}s'")
                yield connection
        except OperationalError as error:
            if is_full(error):
                raise
            raise UserError(
                _(
                    "The database is in use or can’t be reached. Stop the site, then try again. "
                    "Nothing was changed."
                )
            ) from error
        finally:
            if sqlite:
                # the next user must get a connection with foreign keys enabled
                connection.invalidate()
