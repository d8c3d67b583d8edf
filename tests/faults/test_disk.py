"""The disk is full: SQLite's whole folder, or the tablespace in which PostgreSQL keeps the site."""

import os
import subprocess
from contextlib import contextmanager, suppress

import pytest
import sqlalchemy as sa

from scripts import services
from tests import factories
from webapp.core.extensions import db

from .asking import statuses
from .crowd import MANY, lost
from .fault_site import COMMANDS, fault_site

pytestmark = pytest.mark.faults

SIZE = {"sqlite": "8m", "postgresql": "48m"}
CROWDS, ROUNDS = 8, 16


@contextmanager
def small_disk(folder, size):
    """Mount a disk of this size in the folder; skip the test without permission."""
    folder.mkdir(parents=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=777", "tmpfs", folder]
    mounted = subprocess.run(command, capture_output=True, text=True)
    if mounted.returncode:
        pytest.skip(f"nobody may mount a small disk here: {mounted.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def fill(disk):
    """Fill the disk to the last byte."""
    with (disk / "filler").open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"x" * 4096)
    with (disk / "filler").open("ab", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"x")


def in_tablespace(folder, disk, stack_url):
    """Yield the URL of a database on this disk."""
    owner = services.someone_else()
    place = disk / "space"
    place.mkdir()
    if owner:
        os.chown(place, owner["user"], owner["group"])
    engine = sa.create_engine(stack_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE TABLESPACE tiny LOCATION '{place}'")
        connection.exec_driver_sql("CREATE DATABASE tiny TABLESPACE tiny")
    engine.dispose()
    return sa.make_url(stack_url).set(database="tiny").render_as_string(hide_password=False)


@contextmanager
def site_on(kind, folder, disk, without):
    """Run a site whose database is on the small disk: with SQLite in one process, which does all
    the work, with PostgreSQL in all of them.
    """
    if kind == "sqlite":
        url, end = f"sqlite:///{disk / 'moot.db'}", None
        names = ["web"]
    else:
        (folder / "server").mkdir(parents=True)
        folder.chmod(0o711)
        pid, server = services.start_postgresql(folder / "server")
        url, end = in_tablespace(folder, disk, server), pid
        names = list(COMMANDS)
    # an email that was sent when its row couldn't be written waits for the end of its lease
    often = {"SWEEP": "2", "MAIL_LEASE_SECONDS": "20"}
    try:
        with fault_site(
            folder / "town",
            *names,
            redis=len(names) > 1,
            database_url=url,
            without=without,
            **often,
        ) as here:
            yield here
    finally:
        if end:
            services.end(end, 2)


def full(kind, folder, without=""):
    """Return (responses to writes while full, to reads and streams, to writes after space was
    freed, rows lost, the seconds of clock and worker after that).
    """
    disk = folder / "disk"
    folder.mkdir()
    folder.chmod(0o711)
    with small_disk(disk, SIZE[kind]), site_on(kind, folder, disk, without) as here:
        host = factories.user()
        crowds = [here.crowd(factories.event(host)) for _ in range(CROWDS)]
        writers = [write for crowd in crowds for write in crowd.writers]
        db.session.remove()
        db.engine.dispose()

        before = [write(0) for write in writers]
        fill(disk)
        written = [write(number) for number in range(1, ROUNDS + 1) for write in writers]
        read = [look(number) for look in crowds[0].readers for number in range(5)]
        (disk / "filler").unlink()
        after = [write(ROUNDS + 1) for write in writers]
        assert all(answer.is_fine for answer in before), statuses(before)
        return written, read, after, lost(crowds), here.work(300) if not without else ()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_full_disk_loses_no_confirmed_write(row, folder, kind):
    row.fault = f"disk full: {kind}"
    row.expected = (
        "a clean error (503), reading and streams go on, nothing answered with success is lost; "
        "well again when there is room, web, worker and clock too"
    )
    where = (
        "the whole database"
        if kind == "sqlite"
        else "a tablespace (the log of changes is elsewhere)"
    )
    row.made = f"{where} on a tmpfs of {SIZE[kind]} that a file fills to the last byte; meanwhile "
    row.made += f"{CROWDS} {MANY}: {3 * CROWDS * ROUNDS} writes in all"
    written, read, after, missing, (beat, sent) = full(kind, folder / "with")
    row.figure = (
        f"written {statuses(written)}; read {statuses(read)}; afterwards {statuses(after)}; "
        f"writes lost {missing}, beat of the clock after {beat or -1:.0f} s, all emails out "
        f"{sent or -1:.0f} s later"
    )
    control, *_ = full(kind, folder / "without", "errors")
    row.control = f"without the handler of database errors: {statuses(control)}"

    assert any(answer.status == 503 for answer in written), "the disk was never full"
    assert all(answer.is_clean for answer in written), statuses(written)
    assert all(answer.status == 200 for answer in read), statuses(read)
    assert all(answer.is_fine for answer in after), statuses(after)
    assert missing == 0
    assert None not in (beat, sent), row.figure
    assert not all(answer.is_clean for answer in control)
