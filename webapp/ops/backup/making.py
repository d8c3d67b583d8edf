"""A backup of the database at one moment, while the site keeps running."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _

from ...config import VERSION
from ...core.db import site_flags
from ...core.db.engine import reading
from ...core.extensions import db
from ...core.http.errors import UserError
from ...core.jobs import batches
from ...core.time import clock
from ...voting.secret import mixing, purge
from . import archive, rows

#: Set by each backup; its note is the archive's path.
DONE = "backup"


def place(requested: Path | None) -> Path:
    """Return the archive's path: in `instance/backups/` by default, named by the time.

    Raises UserError if the file exists, or its folder doesn't.
    """
    site = current_app.config["SITE_NAME"].lower().replace("/", "-").replace(" ", "-")
    name = f"{site}-{clock.now():%Y-%m-%dT%H%M%SZ}.zip"
    if requested is None:
        folder = current_app.config["INSTANCE"] / "backups"
        folder.mkdir(mode=0o700, exist_ok=True)
        return Path(folder / name)
    target = requested / name if requested.is_dir() else requested
    if target.exists():
        raise UserError(
            _("%(path)s already exists. A backup never overwrites a file.", path=target)
        )
    if not target.parent.is_dir():
        raise UserError(_("The folder %(path)s doesn’t exist.", path=target.parent))
    return target


def mix() -> set[str]:
    """Mix the ballot boxes, each in its own transaction, so that no archive tells the order of
    secret ballots.

    Return the names of the tables of secret votes; an older database that is backed up before its
    upgrade has none.
    """
    there = purge.NAMES & set(sa.inspect(db.engine).get_table_names())
    if there:
        batches.for_each("backup", mixing.unmixed(), mixing.stir)
        db.session.rollback()  # release the database
    return there


def make(path: Path) -> dict[str, Any]:
    """Write every row and file to an archive at `path`; return its manifest.

    The caller commits the flag.
    """
    # slow to import: web workers don't need it
    from alembic.runtime.migration import MigrationContext

    secret = mix()
    with archive.written(path) as into, _one_moment() as connection:
        manifest = {
            "version": VERSION,
            "revision": MigrationContext.configure(connection).get_current_revision(),
            "made_at": clock.now().isoformat(),
            "site": current_app.config["SITE_URL"],
            "database": connection.dialect.name,
            "tables": _tables(into, connection, secret),
            "files": dict(_files(into)),
        }
        into.manifest(manifest)
    if (
        site_flags.SiteFlag.__tablename__ in manifest["tables"]
    ):  # the tables may be older than the code: people back up before upgrading
        site_flags.set_now(DONE, str(path)[-200:])
    return manifest


def _tables(into: archive.Writer, connection: sa.Connection, secret: set[str]) -> dict[str, Any]:
    """Write every table; return their manifest entries.

    Tables of secret votes are read first, before mixing can replace their files.
    """
    with connection.begin_nested() as savepoint:
        if secret and connection.dialect.name == "postgresql":
            purge.hold_for_reading(connection)
        found = rows.tables(connection)
        kept = {name: _kept(into, connection, found[name]) for name in sorted(secret)}
        savepoint.rollback()  # releases the locks; the snapshot stays
    kept |= {
        name: _kept(into, connection, table) for name, table in found.items() if name not in secret
    }
    return dict(sorted(kept.items()))


def _kept(into: archive.Writer, connection: sa.Connection, table: sa.Table) -> dict[str, Any]:
    digest = rows.RowDigest()
    into.rows(table.name, digest.of(rows.lines(connection, table)))
    return {"columns": [column.name for column in rows.columns(table)], **digest.plain()}


def _files(into: archive.Writer) -> Iterator[tuple[str, dict[str, Any]]]:
    """Write every file; skip those that are deleted meanwhile, which belong to nothing any more."""
    files = current_app.extensions["files"]
    for name in files.names():
        try:
            source = files.open(name)
        except FileNotFoundError:
            continue
        with source:
            yield name, into.file(name, source)


@contextmanager
def _one_moment() -> Iterator[sa.Connection]:
    """Return a connection that sees one moment of the database, and blocks nobody."""
    token = reading.set(True)
    try:
        with db.engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection.execution_options(
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )
            yield connection
            connection.rollback()
    finally:
        reading.reset(token)
