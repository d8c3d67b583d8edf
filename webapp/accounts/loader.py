"""Load the signed-in person from the cookie's secret, with what every page needs to know about
them.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from flask import Flask, abort, current_app, flash, g, request, session
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from sqlalchemy.exc import SQLAlchemyError

from ..core.db.engine import reading
from ..core.extensions import db, login_manager
from ..core.http import permissions
from ..core.http.errors import SIGN_IN, note_reader
from ..core.time import clock
from . import sign_ins
from .models import SignIn, User, Visitor

#: Where a request keeps the sign-in whose last-seen time it will update.
_DUE = "stamp_due"
#: Requests by machines on a person's behalf: they update neither the last-seen time nor the cookie.
UNSEEN = {"session_checks.show"}
#: Where the cookie keeps the person's appearance settings, which error pages use without the
#: database.
LOOKS = "looks"

#: What features load in the same statement, by name: a column of SignIn's row, and who receives it.
ALSO: dict[str, tuple[sa.ColumnElement[Any], Callable[[User, Any], None]]] = {}


def load_with(
    name: str, value: sa.ColumnElement[Any], receive: Callable[[User, Any], None]
) -> None:
    """Load `value`, correlated with SignIn, with the signed-in account, and call `receive(user,
    it)`.
    """
    ALSO[name] = (value, receive)


def init_app(app: Flask) -> None:
    """Make the login manager find people only by the row of their sign-in."""
    login_manager.anonymous_user = Visitor
    login_manager.session_protection = None
    login_manager.user_loader(_load)
    app.teardown_appcontext_funcs.insert(
        0, _stamp
    )  # the first one runs last: the session is gone by then


def _load(secret: str) -> User | None:
    if not reading.get():
        view = current_app.view_functions.get(request.endpoint or "")
        sign_ins.begin_change(secret, alone=permissions.is_alone(view))
    found = sign_ins.by_secret(
        secret, current_app.config, *(value for value, _receive in ALSO.values())
    )
    is_here = request.endpoint not in UNSEEN
    if found is None:
        if is_here:
            _let_go()
        return None
    row, *values = found
    for (_value, receive), value in zip(ALSO.values(), values, strict=True):
        receive(row.user, value)
    row.user.sign_in = row
    note_reader(row.user)
    if is_here:
        _meet(row)
    return row.user


def _meet(row: SignIn) -> None:
    """Note that the person was seen in this browser; store their appearance settings in its
    cookie.
    """
    if sign_ins.needs_stamp(row):
        setattr(g, _DUE, row.id)
    _remember_looks(row.user)


def _remember_looks(user: User) -> None:
    appearance = {"theme": user.theme, "accent": user.accent, "text_size": user.text_size}
    kept = {name: value for name, value in appearance.items() if value}
    if kept != session.get(LOOKS, {}):
        session[LOOKS] = kept


def _let_go() -> None:
    """Clear the cookie of a sign-in that has ended; tell the person on the next page."""
    session.pop(SIGN_IN, None)
    session.pop(LOOKS, None)
    why = _(
        "You’ve been signed out. It happened in another browser, your password or email address "
        "changed, or too much time has passed."
    )
    flash(why, "note")


def hold_actor_again() -> None:
    """Lock what the actor may do, and load it again, after a rollback in the middle of a change.

    Answers 401 if they were signed out meanwhile.
    """
    sign_ins.begin_change(session[SIGN_IN])
    if sign_ins.by_secret(session[SIGN_IN], current_app.config) is None:
        abort(401)


def skip_last_seen() -> None:
    """Don't update the last-seen time: a page's stream reconnects by itself."""
    g.pop(_DUE, None)


def _stamp(_error: BaseException | None = None) -> None:
    """Update the last-seen time, after the request has released its connection and only if nobody
    waits.

    Otherwise many requests could each hold one connection and wait for a second.
    """
    row_id = g.pop(_DUE, None)
    if row_id is None or _is_busy(db.engine.pool):
        return
    token = reading.set(True)  # on SQLite, so that BEGIN doesn't wait for the writer
    try:
        with db.engine.begin() as connection, _not_waiting(connection):
            row = sa.alias(SignIn.__table__)
            free = (
                sa.select(row.c.id)
                .where(row.c.id == row_id)
                .with_for_update(skip_locked=True)
                .scalar_subquery()
            )
            connection.execute(
                sa.update(SignIn).where(SignIn.id == free).values(last_seen_at=clock.now())
            )
    except SQLAlchemyError:
        pass  # the database is busy or down: the next request updates it
    finally:
        reading.reset(token)


def _is_busy(pool: sa.Pool) -> bool:
    """Whether all connections of the pool are in use: getting another one may take a while."""
    return isinstance(pool, sa.QueuePool) and pool.checkedout() >= pool.size()


@contextmanager
def _not_waiting(connection: sa.Connection) -> Iterator[None]:
    """Make SQLite report a lock at once instead of waiting."""
    if connection.dialect.name != "sqlite":
        yield
        return
    usual = connection.exec_driver_sql("PRAGMA busy_timeout").scalar()
    connection.exec_driver_sql("PRAGMA busy_timeout = 0")
    try:
        yield
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {usual}")


def start(secret: str) -> None:
    """Put the new sign-in into this browser's cookie, and drop what it held before."""
    kept: dict[str, Any] = {"_flashes": session["_flashes"]} if "_flashes" in session else {}
    session.clear()
    session.update(kept, **{SIGN_IN: secret, "_fresh": True})
    session.permanent = True
    g.pop("csrf_token", None)  # the token of the previous cookie
    # If two first pages at once made a token each, the forms of one would be refused.
    generate_csrf()


def stop() -> None:
    """Clear this browser's cookie."""
    session.clear()
