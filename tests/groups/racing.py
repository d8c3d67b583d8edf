"""Several people act in the same moment, each in a thread and a transaction of their own."""

import threading
from contextlib import suppress

from werkzeug.exceptions import HTTPException

from webapp.core.database import reading
from webapp.core.errors import RuleBroken
from webapp.core.extensions import db

#: Seconds. Where a lock may hold the other one, a moment is enough; in a control nothing does, and they surely come.
A_MOMENT, SURELY = 1, 60
#: Where those who act now have met so far; and whether but one of them is left.
_meetings: list[threading.Barrier] = []
_is_last = threading.Event()


def meet(both):
    """Whoever calls this goes on with the other one; without them once they are done, or, unless `unlocked`, a moment later."""
    _meetings.append(both)
    if not _is_last.is_set():
        with suppress(threading.BrokenBarrierError):  # then the other one is held by the lock, or done
            both.wait(SURELY if reading.get() else A_MOMENT)


def waiting_for_each_other(function, both=None, patience=None):
    """`function`, after which whoever has called it waits for the other one to have called it, or its twin.

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
    """What became of each act, sorted: done, refused, or an error. An act is a function; what it does is committed.

    `unlocked`, in a control whose lock was taken away, none waits for the pen of SQLite either before it writes.
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
            except (RuleBroken, HTTPException):
                outcomes.append("refused")
            except Exception as error:
                outcomes.append(type(error).__name__)
        if len(outcomes) >= len(acts) - 1:
            _is_last.set()
            for both in list(_meetings):
                both.abort()

    threads = [threading.Thread(target=perform, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)
