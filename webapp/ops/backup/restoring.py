"""The way back: one transaction in which the old state goes, the new one comes and is proved, or
nothing happened.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from flask import current_app
from flask_babel import gettext as _
from sqlalchemy.exc import DataError, IntegrityError, OperationalError

from ...core import migrating
from ...core.errors import RuleBroken
from ...core.extensions import db
from . import aftermath, archive, ground, rows
from .archive import Reader

#: Seconds that we wait for somebody who holds the database.
PATIENCE = 10


class Restored(NamedTuple):
    """What a restore did: the manifest it followed, the revision that the database has now, and
    what became of the rest.
    """

    manifest: dict[str, Any]
    revision: str
    aftermath: aftermath.Aftermath


def restore(path: Path, replace: bool = False) -> Restored:
    """The database and the files are those of the backup, every row of them proved; or, after any
    exception, as before.

    Everybody is signed out, and no mail leaves until a person says so. Raises RuleBroken with a
    sentence for whoever runs the site.
    """
    with archive.opened(path) as source:
        _refuse_other_versions(source.manifest["revision"])
        files = current_app.extensions["files"]
        with files.arriving(source.files()):
            with alone() as connection:
                ground.clear(connection, replace)
                _bring(connection, source)
                _upgrade(connection, "heads")
                after = aftermath.settle(connection, source.manifest)
            files.replace()
        return Restored(source.manifest, _head(), after)


def _refuse_other_versions(revision: str) -> None:
    """Raises RuleBroken where no migration leads from this revision to that of this code."""
    if migrating.is_unreleased(revision):
        raise RuleBroken(
            _(
                "This backup was made before Folkmoot's first release (revision %(revision)s). "
                "This version can't read its tables.",
                revision=revision,
            )
        )
    try:
        known = _script().get_revision(revision)
    except CommandError:
        known = None
    if known is None:
        raise RuleBroken(
            _(
                "This backup was made by a newer Folkmoot (revision %(revision)s). Install that "
                "version first.",
                revision=revision,
            )
        )


def _bring(connection: sa.Connection, source: Reader) -> None:
    """The tables of the backup's revision hold what the manifest says.

    Raises RuleBroken where they do not.
    """
    _upgrade(connection, source.manifest["revision"])
    found, said = rows.tables(connection), source.manifest["tables"]
    if {name: [c.name for c in rows.columns(t)] for name, t in found.items()} != {
        n: t["columns"] for n, t in said.items()
    }:
        raise RuleBroken(_("The tables of the backup are not those of its revision."))
    with ground.unchecked(connection, found):
        for name, table in found.items():
            if _holds(connection, table):  # what a migration put there stands in the backup, too
                connection.execute(table.delete())
            _prove(name, _written(connection, table, source), said[name])
    for name, table in found.items():
        _prove(name, rows.digest(connection, table), said[name])


def _written(connection: sa.Connection, table: sa.Table, source: Reader) -> dict[str, Any]:
    digest = rows.Digest()
    try:
        rows.write(connection, table, digest.of(source.rows(table.name)))
    except (ValueError, TypeError, IntegrityError, DataError) as error:
        raise RuleBroken(ground.unfit(table.name)) from error
    return digest.plain()


def _holds(connection: sa.Connection, table: sa.Table) -> bool:
    return (
        connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first() is not None
    )


def _prove(table: str, found: dict[str, Any], said: dict[str, Any]) -> None:
    if any(found[key] != said[key] for key in ("rows", "digest")):
        raise RuleBroken(
            _(
                "The rows of “%(table)s” are not those that the manifest promises. Nothing was "
                "changed.",
                table=table,
            )
        )


def _upgrade(connection: sa.Connection, revision: str) -> None:
    """The tables are those of the revision, inside the connection's own transaction."""
    config = current_app.extensions["migrate"].migrate.get_config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _script() -> ScriptDirectory:
    return ScriptDirectory.from_config(current_app.extensions["migrate"].migrate.get_config())


def _head() -> str:
    return str(_script().get_current_head())


@contextmanager
def alone() -> Iterator[sa.Connection]:
    """A transaction that nobody writes beside.

    Raises RuleBroken when somebody holds the database.
    """
    db.session.remove()
    with db.engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if (
            sqlite
        ):  # SQLite makes a table anew to change it; this can only be said before the transaction
            for pragma in ("foreign_keys=OFF", f"busy_timeout={PATIENCE * 1000}"):
                connection.connection.dbapi_connection.execute(f"PRAGMA {pragma}")  # type: ignore[union-attr]
        try:
            with connection.begin():
                if not sqlite:
                    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{PATIENCE}s'")
                yield connection
        except OperationalError as error:
            raise RuleBroken(
                _(
                    "The database is in use or away. Stop the site, and try again. Nothing was "
                    "changed."
                )
            ) from error
        finally:
            if sqlite:
                # whoever comes next gets a connection that keeps its foreign keys
                connection.invalidate()
