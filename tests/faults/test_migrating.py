"""A migration changes a table in use while someone's long transaction locks it."""

import subprocess
import sys
import threading
import time

import pytest
import sqlalchemy as sa

from tests import factories, migrated as tables
from tests.browser.servers import ROOT
from webapp.core.extensions import db

from .asking import load, longest, share, statuses
from .crowd import WHO
from .fault_site import fault_site

pytestmark = pytest.mark.faults

HELD = 7  # seconds that the long transaction continues


def hold_on(holder, engine):
    """End the transaction this long after the ALTER has begun to wait for it."""
    waiting = sa.text(
        "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'event'::regclass"
        " AND locktype = 'relation'"  # answers wait for the event's row, too
    )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with engine.connect() as connection:
            if connection.scalar(waiting):
                break
        time.sleep(0.05)
    time.sleep(HELD)
    holder.rollback()


def migrated(place, without=""):
    """Return people's responses, whether the migration succeeded, and how long it took."""
    with fault_site(place, without=without) as here:
        crowd = here.crowd(factories.event(factories.user()))
        db.session.remove()
        folder = tables.with_a_later_one(place)
        holder = db.engine.connect()
        holder.exec_driver_sql("SELECT count(*) FROM event")
        command = [
            sys.executable,
            "-m",
            "flask",
            "--app",
            "tests.faults.site",
            "db",
            "upgrade",
            "-d",
            str(folder),
        ]
        [act(n) for act in crowd.acts for n in range(8)]
        with load(*crowd.readers, *crowd.writers, pause=0.02) as answers:
            time.sleep(1)
            threading.Thread(target=hold_on, args=(holder, db.engine)).start()
            began = time.monotonic()
            done = subprocess.run(
                command,
                cwd=ROOT,
                env=here.site._environment(),
                capture_output=True,
                text=True,
                timeout=120,
            )
            seconds = time.monotonic() - began
            time.sleep(2)
        holder.close()
        assert done.returncode == 0, done.stderr
        assert "later" in {column["name"] for column in sa.inspect(db.engine).get_columns("event")}
        return answers, seconds, crowd.lost()


def test_a_migration_under_load_does_not_block_the_site(row, folder):
    row.fault = "migration under load"
    row.expected = (
        "the ALTER waits for two seconds at most and tries again; the old code works on the new "
        "table"
    )
    row.made = (
        f"a transaction that has read the table stays open for {HELD} s more; flask db upgrade "
        "adds a column; "
    )
    row.made += WHO
    answers, seconds, lost = migrated(folder / "with")
    row.figure = f"longest stall {longest(answers):.1f} s; "
    row.figure += (
        f"{share(answers):.0f} % of {len(answers)} fine, {lost} writes lost, done after "
        f"{seconds:.0f} s"
    )
    control, *_ = migrated(folder / "without", "lock-timeout")
    row.control = f"without the lock's time-out: longest stall {longest(control):.1f} s"

    assert share(answers) == 100, statuses(answers)
    assert longest(answers) < longest(control)
    assert lost == 0
    assert seconds >= HELD - 1
