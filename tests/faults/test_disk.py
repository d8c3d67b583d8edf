"""The disk is full: SQLite's whole folder, or the tablespace in which PostgreSQL keeps the site."""

import os
import subprocess
from contextlib import contextmanager, suppress

import pytest
import sqlalchemy as sa

from scripts import services
from tests import factories
from webapp.core.extensions import db
from webapp.events.models import Rsvp

from .asking import statuses
from .town import town

pytestmark = pytest.mark.faults

SIZE = {"sqlite": "8m", "postgresql": "48m"}


@contextmanager
def small_disk(folder, size):
    """A disk of this size in the folder; skips where nobody may mount one."""
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
    """Not a byte is left."""
    with (disk / "filler").open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"x" * 4096)
    with (disk / "filler").open("ab", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"x")


def in_tablespace(folder, disk, stack_url):
    """The address of a database on this disk."""
    owner = services.somebody_else()
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
    """A site, one process, whose database lies on the small disk."""
    if kind == "sqlite":
        url, end = f"sqlite:///{disk / 'moot.db'}", None
    else:
        (folder / "server").mkdir(parents=True)
        folder.chmod(0o711)
        pid, server = services.start_postgresql(folder / "server")
        url, end = in_tablespace(folder, disk, server), pid
    try:
        with town(folder / "town", "web", redis=False, database_url=url, without=without) as here:
            yield here
    finally:
        if end:
            services.end(end, 2)


def full(kind, folder, without=""):
    """(answers to writing while full, answers to reading, those after there is room again, rows
    lost).
    """
    disk = folder / "disk"
    folder.mkdir()
    folder.chmod(0o711)
    with small_disk(disk, SIZE[kind]), site_on(kind, folder, disk, without) as here:
        people = [factories.user() for _ in range(8)]
        events = [factories.event(people[0]) for _ in range(60)]
        clients = [here.client(person) for person in people]
        paths = [event.path for event in events]
        looking = here.readers(people[0], events[-1])
        db.session.remove()
        db.engine.dispose()

        def answer(number):
            return clients[number % 8].post(f"{paths[number // 8]}/rsvp", answer="going", party=1)

        before = [answer(number) for number in range(16)]
        fill(disk)
        written = [answer(number) for number in range(16, 400)]
        read = [look(number) for look in looking for number in range(4)]
        (disk / "filler").unlink()
        after = [answer(number) for number in range(400, 416)]
        taken = sum(one.status == 303 for one in [*before, *written, *after])
        kept = db.session.scalar(sa.select(sa.func.count(Rsvp.id)))
        return written, read, after, taken - kept


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_disk_is_full(row, folder, kind):
    row.fault = f"disk full: {kind}"
    row.expected = (
        "a clean error (503), reading goes on, no row answered with success is lost; well again "
        "when there is room"
    )
    where = (
        "the whole database"
        if kind == "sqlite"
        else "a tablespace (the log of changes is elsewhere)"
    )
    row.made = (
        f"{where} on a tmpfs of {SIZE[kind]} that a file fills to the last byte; 384 answers "
        "while it is full"
    )
    written, read, after, lost = full(kind, folder / "with")
    row.figure = (
        f"written {statuses(written)}; read {statuses(read)}; afterwards {statuses(after)}; rows "
        f"lost {lost}"
    )
    control, *_ = full(kind, folder / "without", "errors")
    row.control = f"without the handler of database errors: {statuses(control)}"

    assert any(answer.status == 503 for answer in written), "the disk was never full"
    assert all(answer.is_clean for answer in written), statuses(written)
    assert all(answer.status == 200 for answer in read), statuses(read)
    assert all(answer.is_fine for answer in after), statuses(after)
    assert lost == 0
    assert not all(answer.is_clean for answer in control)
