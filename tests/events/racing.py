"""Helpers for races of events: simultaneous actions, and a lock released between reading and
writing.
"""

import threading
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy.exc import IntegrityError, OperationalError

from webapp.core.db.engine import reading
from webapp.core.extensions import db
from webapp.core.http.errors import UserError


def at_once(app, *acts):
    """Do each of `acts` at the same moment, in a thread and a transaction of its own.

    Return for each True if it was done, False if it was refused, and None if the database had to
    stop it by a constraint or a deadlock, because the lock didn't.
    """
    db.session.rollback()
    start = threading.Barrier(len(acts))

    def done(act):
        reading.set(False)
        with app.app_context():
            start.wait(30)
            try:
                act()
                db.session.commit()
            except UserError:
                db.session.rollback()
                return False
            except (IntegrityError, OperationalError):
                db.session.rollback()
                return None
            return True

    with ThreadPoolExecutor(len(acts)) as clients:
        return list(clients.map(done, acts))


def let_go(monkeypatch, module, name, parties=2, believes=False):
    """Remove a lock: whoever has read through this function releases it, and continues when all
    have read.

    `believes`: rows that were read aren't loaded again.
    """
    look, have_looked = getattr(module, name), threading.Barrier(parties)

    def look_and_let_go(*args, **more):
        found = look(*args, **more)
        db.session().expire_on_commit = not believes
        db.session.commit()
        have_looked.wait(30)
        return found

    monkeypatch.setattr(module, name, look_and_let_go)
