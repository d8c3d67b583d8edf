"""Several people act in the same moment, each in a thread and a transaction of their own."""

import threading
from contextlib import suppress

import sqlalchemy as sa
from werkzeug.exceptions import HTTPException

from webapp.core.db import session
from webapp.core.db.session import reading
from webapp.core.extensions import db
from webapp.core.http.errors import UserError

#: Seconds until one goes on alone, unless it is seen before that a lock holds the other one. A
#: control has no lock, and both surely come.
A_MOMENT, SURELY = 5, 60
#: How many sessions of this database wait for a lock that another one holds.
HELD = """
    SELECT count(DISTINCT pid) FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE NOT granted AND datname = current_database()
"""
#: Where those who act now have met so far; and whether but one of them is left.
_meetings: list[threading.Barrier] = []
_is_last = threading.Event()


def meet(both):
    """Wait for the other one; go on alone once they are done or, unless `unlocked`, held by a
    lock.
    """
    _meetings.append(both)
    if not _is_last.is_set():
        with suppress(
            threading.BrokenBarrierError
        ):  # then the other one is held by the lock, or done
            both.wait(SURELY if reading.get() else A_MOMENT)


def waiting_for_each_other(function, both=None, patience=None):
    """`function`, after which whoever has called it waits for the other one to have called it, or
    its twin.

    `patience`, in seconds, where others act than those of `at_once`.
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
    """What became of each act, sorted: done, refused, or an error. An act is a function; what it
    does is committed.

    `unlocked`, in a control whose lock was taken away, none waits for the pen of SQLite either
    before it writes.
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
        if is_stuck and was_stuck:  # seen twice: it was no moment between two locks
            _end_meetings()
        was_stuck = is_stuck
        threads[0 if threads[0].is_alive() else -1].join(0.01)
    return sorted(outcomes)


def _end_meetings():
    for both in list(_meetings):
        both.abort()


def _is_stuck(app, left):
    """Whether nobody can come any more: all who are `left` wait to meet, or for a lock."""
    waiting = sum(both.n_waiting for both in set(_meetings))
    if not waiting:
        return False
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            return session._turn.locked()  # one of the others waits to write, and all behind them
        with db.engine.connect() as connection:
            return waiting + connection.scalar(sa.text(HELD)) >= left
