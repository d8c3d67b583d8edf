"""Migrating at the same time as other releases and next to the running site: nobody blocks others
for long.
"""

import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask_migrate import downgrade

from webapp import create_app
from webapp.core.db import migrations
from webapp.core.extensions import db

from .processes import ROOT, eventually

#: A release that waits for another one before it checks which migrations are needed: for a second,
#: or until it arrives.
RELEASE = """
import sys, time, contextlib, pathlib
from alembic.runtime.migration import MigrationContext
from flask_migrate import upgrade
from webapp import create_app
from webapp.core.db import migrations

folder, name, how = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
look = MigrationContext.get_current_heads

def look_together(self):
    heads = look(self)
    (folder / name).touch()
    patience = time.monotonic() + (1 if how == "alone" else 30)
    while len(list(folder.iterdir())) < 2 and time.monotonic() < patience:
        time.sleep(0.01)
    return heads

MigrationContext.get_current_heads = look_together
if how == "together":
    migrations.exclusively = lambda engine: contextlib.nullcontext()
    migrations.PATIENCE = "60s"  # on a busy machine the later one would give up its wait, look again, and find all done
with create_app().app_context():
    upgrade()
"""  # noqa: E501


@pytest.fixture
def app_on_it(migrated_app):
    """The application, with all tables created by the migrations."""
    with migrated_app.app_context():
        yield migrated_app
        db.session.remove()


@pytest.fixture
def hurried(monkeypatch):
    """Three tries of fifty milliseconds each, without a pause."""
    monkeypatch.setattr(migrations, "PATIENCE", "50ms")
    monkeypatch.setattr(migrations, "SQLITE_PATIENCE", 50)
    monkeypatch.setattr(migrations, "TRIES", 3)
    monkeypatch.setattr(migrations, "PAUSE", 0)


@contextmanager
def someone_uses_the_tables():
    """Keep a transaction of the site open: on PostgreSQL a reader is enough, on SQLite it's a
    writer.
    """
    with db.engine.connect() as connection:
        connection.execute(sa.text('SELECT count(*) FROM "user"'))
        yield connection
        connection.rollback()


def tables():
    with db.engine.connect() as connection:
        return set(sa.inspect(connection).get_table_names())


def two_releases(how: str, folder: Path, database: str) -> list[int]:
    """Run two releases; return both exit codes."""
    folder.mkdir()
    environment = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": database,
        "INSTANCE": str(folder.parent),
    }
    command = [sys.executable, "-c", RELEASE, str(folder)]
    both = [
        subprocess.Popen([*command, name, how], cwd=ROOT, env=environment)
        for name in ("first", "second")
    ]
    return [release.wait(300) for release in both]


@pytest.mark.long(6)
def test_two_releases_can_migrate_at_once(tmp_path, empty_database):
    assert two_releases("alone", tmp_path / "at", empty_database) == [0, 0]

    with create_app(
        DATABASE_URL=empty_database, INSTANCE=str(tmp_path), REDIS_URL=""
    ).app_context():
        assert {table.name for table in db.metadata.sorted_tables} < tables()


@pytest.mark.deep
@pytest.mark.long(7)
@pytest.mark.postgresql
def test_control_without_the_lock_one_of_them_fails(tmp_path, empty_database):
    assert sorted(two_releases("together", tmp_path / "at", empty_database)) != [0, 0]


def test_a_migration_of_tables_in_use_changes_nothing_and_says_so(app_on_it, hurried, caplog):
    before = tables()

    with someone_uses_the_tables(), pytest.raises(SystemExit):
        downgrade(revision="base")

    assert "run `flask db upgrade` again" in caplog.text
    assert tables() == before


def test_a_migration_continues_once_the_tables_are_free(app_on_it, hurried, monkeypatch):
    with someone_uses_the_tables() as user:
        # Only this module: otherwise every thread of the process would stop sleeping.
        monkeypatch.setattr(
            migrations, "time", SimpleNamespace(sleep=lambda seconds: user.rollback())
        )

        downgrade(revision="base")

    assert tables() == {"alembic_version"}


def test_a_faulty_migration_is_not_retried(app_on_it, hurried):
    tries = []

    def attempt():
        tries.append(1)
        with db.engine.connect() as connection:
            connection.execute(sa.text("SELECT * FROM nothing_of_that_name"))

    with pytest.raises((sa.exc.OperationalError, sa.exc.ProgrammingError)):
        migrations.retry_while_busy(attempt)
    assert tries == [1]


def test_older_code_stays_ready_after_a_newer_version_migrated(app_on_it):
    client = app_on_it.test_client()
    with db.engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999_later'"))
    assert client.get("/health/ready").status_code == 200

    with db.engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM alembic_version"))
    assert client.get("/health/ready").status_code == 503


def read_behind_a_waiting_migration(app) -> str:
    """Return what a reader gets while a migration waits for a table that someone else uses: rows,
    or too late.
    """

    def migrate():
        with app.app_context():
            migrations.retry_while_busy(attempt)

    def attempt():
        with db.engine.connect() as connection:
            migrations.limit_waiting(connection)
            connection.execute(sa.text('LOCK TABLE "user" IN ACCESS EXCLUSIVE MODE'))

    waiting = sa.text(
        "SELECT count(*) FROM pg_locks JOIN pg_database ON oid = database WHERE NOT granted AND "
        "datname = current_database()"
    )
    with someone_uses_the_tables() as user, db.engine.connect() as reader:
        migration = threading.Thread(target=migrate)
        migration.start()
        try:
            assert eventually(lambda: user.scalar(waiting) == 1)
            reader.execute(sa.text("SET lock_timeout = '3s'"))
            reader.execute(sa.text('SELECT count(*) FROM "user"'))
            return "rows"
        except sa.exc.OperationalError:
            return "too late"
        finally:
            reader.rollback()
            user.rollback()
            migration.join()


@pytest.mark.postgresql
def test_a_waiting_migration_blocks_readers_only_briefly(app_on_it, monkeypatch):
    monkeypatch.setattr(migrations, "PATIENCE", "300ms")
    monkeypatch.setattr(migrations, "PAUSE", 0.05)

    assert read_behind_a_waiting_migration(app_on_it) == "rows"


@pytest.mark.postgresql
def test_control_a_migration_with_a_long_lock_timeout_blocks_readers(app_on_it, monkeypatch):
    monkeypatch.setattr(migrations, "PATIENCE", "0")
    monkeypatch.setattr(migrations, "PAUSE", 0.05)

    assert read_behind_a_waiting_migration(app_on_it) == "too late"
