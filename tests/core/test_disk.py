"""A full disk is reported as such: on the page, in the log, and by `flask backup`."""

import errno
import os
import sqlite3

import psycopg
import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from webapp.core.db import site_flags
from webapp.core.storage import disk
from webapp.core.storage.files import files
from webapp.ops.backup import archive, making

pytestmark = pytest.mark.any_database

FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def full_sqlite(tmp_path):
    """Return the error of a real SQLite file that may not grow."""
    engine = sa.create_engine(f"sqlite:///{tmp_path}/small.db")
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE t (x)")
        connection.exec_driver_sql("PRAGMA max_page_count=2")
        with pytest.raises(sa.exc.OperationalError) as raised:
            connection.exec_driver_sql("INSERT INTO t VALUES (zeroblob(100000))")
    return raised.value


def behind(error):
    """Return an error of ours that was raised because of this one."""
    try:
        raise RuntimeError("ours") from error
    except RuntimeError as ours:
        return ours


def test_a_full_disk_is_recognized_from_every_kind_of_error(tmp_path):
    postgresql = sa.exc.OperationalError(
        "INSERT", {}, psycopg.errors.DiskFull("could not extend file")
    )
    for error in (FULL, behind(FULL), full_sqlite(tmp_path), postgresql):
        assert disk.is_full(error), error


def test_other_errors_are_not_taken_for_a_full_disk():
    busy = sa.exc.OperationalError("INSERT", {}, sqlite3.OperationalError("database is locked"))
    for error in (None, OSError(errno.EACCES, "no"), busy, ValueError("full")):
        assert not disk.is_full(error), error


@pytest.mark.parametrize("raised", ["the machine", "the database", "the files"])
def test_the_page_and_the_log_name_a_full_disk(app, visitor, monkeypatch, tmp_path, raised):
    def fill(**values):
        if raised == "the machine":
            raise FULL
        if raised == "the database":
            raise full_sqlite(tmp_path)
        monkeypatch.setattr(type(files()), "_store", lambda self: (_ for _ in ()).throw(FULL))
        files().write("a/b.bin", b"x")

    monkeypatch.setitem(app.view_functions, "groups.index", fill)
    with capture_logs() as logs:
        answer = visitor.get("/groups")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "disk is full" in visitor.text
    assert "disk_full" in [line["event"] for line in logs]


def test_a_backup_on_a_full_disk_reports_the_cause_and_leaves_nothing(
    app, context, monkeypatch, tmp_path
):
    def fill(number):
        raise FULL

    monkeypatch.setattr(archive.os, "fsync", fill)
    done = app.test_cli_runner().invoke(args=["backup", str(tmp_path)])

    assert done.exit_code == 1
    assert f"No backup was made: the disk with {tmp_path} is full." in done.output
    assert list(tmp_path.iterdir()) == []
    assert site_flags.get(making.DONE) is None
