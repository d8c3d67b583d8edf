"""Several people act in the same moment, each in a thread and a transaction of their own."""

import threading
from contextlib import suppress

from werkzeug.exceptions import HTTPException

from webapp.core.database import reading
from webapp.core.errors import RuleBroken
from webapp.core.extensions import db


def waiting_for_each_other(function, both=None, patience=1.0):
    """`function`, after which whoever has called it waits a moment for the other one to have called it, or its twin.

    Where no lock holds the other one, as in a control, they surely come: then `patience`, in seconds, may be long.
    """
    both = both or threading.Barrier(2)

    def and_wait(*args, **options):
        found = function(*args, **options)
        with suppress(threading.BrokenBarrierError):  # then the other one is held by the lock
            both.wait(timeout=patience)
        return found

    return and_wait


def at_once(app, acts, unlocked=False):
    """What became of each act, sorted: done, refused, or an error. An act is a function; what it does is committed."""
    outcomes = []

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

    threads = [threading.Thread(target=perform, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)
