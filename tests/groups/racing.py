"""Let several people act at the same moment, each in a thread and a transaction of their own."""

import threading
from contextlib import suppress

import sqlalchemy as sa
from werkzeug.exceptions import HTTPException

from webapp.core.db import engine
from webapp.core.db.engine import reading
from webapp.core.extensions import db
from webapp.core.http.errors import UserError

#: Seconds after which one thread continues alone, unless it is found earlier that a lock holds the
#: other. In a control there is no lock, so both surely arrive.
A_MOMENT, SURELY = 5, 60
#: The number of sessions of this database that wait for a lock held by another.
HELD = """
    SELECT count(DISTINCT pid) FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE NOT granted AND datname = current_database()
"""
#: The barriers used so far by the current acts, and whether at most one act is left.
_meetings: list[threading.Barrier] = []
_is_last = threading.Event()


def meet(both):
    """Wait for the other act; continue alone if it has ended or, unless `unlocked`, is held by a
    lock.
    """
    _meetings.append(both)
    if not _is_last.is_set():
        with suppress(
            threading.BrokenBarrierError
        ):  # the other one is held by the lock, or has ended
            both.wait(SURELY if reading.get() else A_MOMENT)


def waiting_for_each_other(function, both=None, patience=None):
    """Make callers of `function` wait after it until another act has called it, or its counterpart.

    `patience`, in seconds, is for acts that don't run in `at_once`.
    """
    both = both or threading.Barrier(2)

    def and_wait(*args, **options):
        found = function(*args, **options)
        if patience is None:
            meet(both)
        else:
            with suppress(threading.BrokenBarrierError):
                both.wait(patience)
        return found

    return and_wait


def at_once(app, acts, unlocked=False):
    """Run the acts, functions whose changes are committed; return their sorted outcomes: done,
    refused, or an error's name.

    `unlocked` is for controls whose lock was removed: acts don't wait for SQLite's write lock
    either before they write.
    """
    outcomes = []
    _meetings.clear()
    _is_last.clear()

    def perform(act):
        reading.set(unlocked)
        with app.app_context():
            try:
                act()
                db.session.commit()
                outcomes.append("done")
            except (UserError, HTTPException):
                outcomes.append("refused")
            except Exception as error:
                outcomes.append(type(error).__name__)
        if len(outcomes) >= len(acts) - 1:
            _is_last.set()
            _end_meetings()

    threads = [threading.Thread(target=perform, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    was_stuck = False
    while any(thread.is_alive() for thread in threads):
        is_stuck = not unlocked and _is_stuck(app, len(acts) - len(outcomes))
        if is_stuck and was_stuck:  # seen twice, so it isn't just a moment between two locks
            _end_meetings()
        was_stuck = is_stuck
        threads[0 if threads[0].is_alive() else -1].join(0.01)
    return sorted(outcomes)


def _end_meetings():
    for both in list(_meetings):
        both.abort()


def _is_stuck(app, left):
    """Whether no other act can arrive: all that are `left` wait for others or for a lock."""
    waiting = sum(both.n_waiting for both in set(_meetings))
    if not waiting:
        return False
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            return engine._turn.locked()  # another act waits to write, and all others wait for it
        with db.engine.connect() as connection:
            return waiting + connection.scalar(sa.text(HELD)) >= left
