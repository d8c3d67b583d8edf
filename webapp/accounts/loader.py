"""Who is asking: from the cookie's secret to the person, and what every page asks about them,
once a request.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import flask_login
import sqlalchemy as sa
from flask import Flask, current_app, flash, g, request, session
from flask.globals import _cv_app
from flask_babel import gettext as _
from flask_login import AnonymousUserMixin
from flask_wtf.csrf import generate_csrf
from sqlalchemy.exc import SQLAlchemyError

from ..core.db.session import reading
from ..core.extensions import db, login_manager
from ..core.time import clock
from . import sign_ins
from .models import SignIn, User

#: Where Flask-Login keeps what `get_id` returned; for us that is the sign-in's secret, not the
#: person's id.
KEY = "_user_id"
#: Where a request keeps whose last-seen time it will write.
_DUE = "stamp_due"
#: What machines ask on a person's behalf: it does not say that the person was here, and leaves
#: their cookie as it is.
UNSEEN = {"session_checks.show"}
#: Where the cookie keeps how the site looks to the person: pages of errors wear it without asking
#: the database.
LOOKS = "looks"

#: What features ask about the person in the same statement, by its name: a value for the row of
#: SignIn, and who gets it.
ALSO: dict[str, tuple[sa.ColumnElement[Any], Callable[[User, Any], None]]] = {}


class Visitor(AnonymousUserMixin):
    """Someone who is not signed in."""

    id = None
    is_admin = False
    is_preview = None
    locale = zone = theme = accent = text_size = None


def load_with(
    name: str, value: sa.ColumnElement[Any], receive: Callable[[User, Any], None]
) -> None:
    """From now on `value`, correlated with SignIn, is loaded with the signed-in account, and
    `receive(user, it)` is called.
    """
    ALSO[name] = (value, receive)


def init_app(app: Flask) -> None:
    """The login manager finds people by their sign-in's row and by nothing else."""
    login_manager.anonymous_user = Visitor
    login_manager.session_protection = None
    login_manager.user_loader(_load)
    flask_login.utils._get_user = _reader
    app.teardown_appcontext_funcs.insert(
        0, _stamp
    )  # the first of them runs last: the session is gone by then


_get_user = flask_login.utils._get_user


def _reader() -> Any:
    """What `current_user` stands for. Flask-Login's own takes 30 calls to find it in the request,
    at each use.
    """
    try:
        return _cv_app.get().g._login_user
    except (LookupError, AttributeError):  # outside of a request; not asked for yet
        return _get_user()


def _load(secret: str) -> User | None:
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
    if is_here:
        _meet(row)
    return row.user


def _meet(row: SignIn) -> None:
    """The person was seen in this browser, whose cookie knows how the site looks to them."""
    if sign_ins.needs_stamp(row):
        setattr(g, _DUE, row.id)
    _remember_looks(row.user)


def _remember_looks(user: User) -> None:
    wanted = {"theme": user.theme, "accent": user.accent, "text_size": user.text_size}
    kept = {name: value for name, value in wanted.items() if value}
    if kept != session.get(LOOKS, {}):
        session[LOOKS] = kept


def _let_go() -> None:
    """The browser's sign-in has ended: it is told so once, on its next page."""
    session.pop(KEY, None)
    session.pop(LOOKS, None)
    why = _(
        "You’ve been signed out: from another browser, by a new password or email address, or "
        "because too much time has passed."
    )
    flash(why, "note")


def skip_last_seen() -> None:
    """That this request came is not written down: a page's stream calls again by itself."""
    g.pop(_DUE, None)


def _stamp(_error: BaseException | None = None) -> None:
    """Last-seen times are written once the request has given back its connection, and only where
    that makes nobody wait.

    A request that holds one and wants a second would, among many, wait for those who do the same.
    """
    row_id = g.pop(_DUE, None)
    if row_id is None or _is_busy(db.engine.pool):
        return
    token = reading.set(True)  # on SQLite, so that BEGIN does not wait for the place of the writer
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
        pass  # a busy database, or none: the next request stamps
    finally:
        reading.reset(token)


def _is_busy(pool: sa.Pool) -> bool:
    """Whether all connections that the pool keeps are out: to get one more may take a while."""
    return isinstance(pool, sa.QueuePool) and pool.checkedout() >= pool.size()


@contextmanager
def _not_waiting(connection: sa.Connection) -> Iterator[None]:
    """SQLite says at once that someone else is writing."""
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
    """This browser's cookie carries the new sign-in; whatever the cookie held before is gone."""
    kept: dict[str, Any] = {"_flashes": session["_flashes"]} if "_flashes" in session else {}
    session.clear()
    session.update(kept, **{KEY: secret, "_fresh": True})
    session.permanent = True
    g.pop("csrf_token", None)  # the token of the cookie before
    # two first pages at once would each make a token, and the forms of one of them would be refused
    generate_csrf()


def stop() -> None:
    """This browser's cookie carries nothing any more."""
    session.clear()
