"""A backup: what the database held at one moment, while the site runs on."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _

from ...config import VERSION
from ...core.db import site_flags
from ...core.db.session import reading
from ...core.extensions import db
from ...core.http.errors import UserError
from ...core.jobs import batches
from ...core.time import clock
from ...voting.secret import mixing, purge
from . import archive, rows

#: Set by each backup; its note is where the archive went.
DONE = "backup"


def place(asked: Path | None) -> Path:
    """Where the archive goes: into `instance/backups/` unless asked otherwise, named by the moment.

    Its folder stands.
    """
    site = current_app.config["SITE_NAME"].lower().replace("/", "-").replace(" ", "-")
    name = f"{site}-{clock.now():%Y-%m-%dT%H%M%SZ}.zip"
    if asked is None:
        folder = current_app.config["INSTANCE"] / "backups"
        folder.mkdir(mode=0o700, exist_ok=True)
        return Path(folder / name)
    target = asked / name if asked.is_dir() else asked
    if target.exists():
        raise UserError(
            _("%(path)s already exists. A backup never overwrites a file.", path=target)
        )
    if not target.parent.is_dir():
        raise UserError(_("The folder %(path)s doesn’t exist.", path=target.parent))
    return target


def mix() -> set[str]:
    """No archive tells which ballot of a secret vote came last: boxes are mixed first, each in a
    transaction of its own.

    Gives the names of the tables of secret votes: an older database, backed up before its upgrade,
    has none.
    """
    there = purge.NAMES & set(sa.inspect(db.engine).get_table_names())
    if there:
        batches.for_each("backup", mixing.unmixed(), mixing.stir)
        db.session.rollback()  # nobody waits for what we have read
    return there


def make(path: Path) -> dict[str, Any]:
    """The archive at `path` holds every row and every file; returns its manifest.

    The caller commits the mark of it.
    """
    from alembic.runtime.migration import MigrationContext  # no web worker needs it

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
    ):  # one backs up before upgrading: the tables may be older than the code
        site_flags.set_now(DONE, str(path)[-200:])
    return manifest


def _tables(into: archive.Writer, connection: sa.Connection, secret: set[str]) -> dict[str, Any]:
    """What is kept of each table.

    Those of secret votes are read first: no mix may give them new files before.
    """
    with connection.begin_nested() as savepoint:
        if secret and connection.dialect.name == "postgresql":
            purge.hold_for_reading(connection)
        found = rows.tables(connection)
        kept = {name: _kept(into, connection, found[name]) for name in sorted(secret)}
        savepoint.rollback()  # releases them; the moment stays
    kept |= {
        name: _kept(into, connection, table) for name, table in found.items() if name not in secret
    }
    return dict(sorted(kept.items()))


def _kept(into: archive.Writer, connection: sa.Connection, table: sa.Table) -> dict[str, Any]:
    digest = rows.RowDigest()
    into.rows(table.name, digest.of(rows.lines(connection, table)))
    return {"columns": [column.name for column in rows.columns(table)], **digest.plain()}


def _files(into: archive.Writer) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every file of this moment; one that is deleted while we come to it belongs to nothing any
    more.
    """
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
    """A connection for which the database stands still: nobody waits for it, and it for nobody."""
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
