"""What the races of events share: acts at once, and a lock that is let go between looking and
writing.
"""

import threading
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy.exc import IntegrityError, OperationalError

from webapp.core.db.session import reading
from webapp.core.extensions import db
from webapp.core.http.errors import UserError


def at_once(app, *acts):
    """Each of `acts`, done in a thread and a transaction of its own, at the same moment: whether it
    was done, or refused.

    None where the database had to stop it, by a constraint or because two waited for each other:
    the lock did not.
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
    """The protection is off: whoever has looked by this function lets go of the lock, and goes on
    when all have looked.

    `believes`: what they have seen is not read again by itself.
    """
    look, have_looked = getattr(module, name), threading.Barrier(parties)

    def look_and_let_go(*args, **more):
        found = look(*args, **more)
        db.session().expire_on_commit = not believes
        db.session.commit()
        have_looked.wait(30)
        return found

    monkeypatch.setattr(module, name, look_and_let_go)
