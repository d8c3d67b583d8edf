"""Who is asking: from the cookie's secret to the person, and what every page asks about them, once a request."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app, flash, session
from flask_babel import gettext as _
from flask_login import AnonymousUserMixin

from ..core import clock
from ..core.database import reading
from ..core.extensions import db, login_manager
from . import sign_ins
from .models import SignIn, User

#: Where Flask-Login keeps what `get_id` returned; for us that is the sign-in's secret, not the person's id.
KEY = "_user_id"
#: Where the cookie keeps how the site looks to the person: pages of errors wear it without asking the database.
LOOKS = "looks"

#: What features ask about the person in the same statement, by its name: a value for the row of SignIn, and who gets it.
ALSO: dict[str, tuple[sa.ColumnElement[Any], Callable[[User, Any], None]]] = {}


class Visitor(AnonymousUserMixin):
    """Somebody who is not signed in."""

    id = None
    is_admin = False
    locale = zone = theme = accent = text_size = None


def also(name: str, value: sa.ColumnElement[Any], receive: Callable[[User, Any], None]) -> None:
    """From now on `value`, correlated with SignIn, is loaded with whoever is signed in, and `receive(user, it)` is called."""
    ALSO[name] = (value, receive)


def init_app(app: Flask) -> None:
    """The login manager finds people by their sign-in's row and by nothing else."""
    login_manager.anonymous_user = Visitor
    login_manager.session_protection = None
    login_manager.user_loader(_load)


def _load(secret: str) -> User | None:
    found = sign_ins.of_secret(secret, current_app.config, *(value for value, _receive in ALSO.values()))
    if found is None:
        _let_go()
        return None
    row, *values = found
    for (_value, receive), value in zip(ALSO.values(), values, strict=True):
        receive(row.user, value)
    if sign_ins.needs_stamp(row):
        _stamp(row)
    row.user.sign_in = row
    _remember_looks(row.user)
    return row.user


def _remember_looks(user: User) -> None:
    wanted = {"theme": user.theme, "accent": user.accent, "text_size": user.text_size}
    kept = {name: value for name, value in wanted.items() if value}
    if kept != session.get(LOOKS, {}):
        session[LOOKS] = kept


def _let_go() -> None:
    """The browser's sign-in has ended: it is told so once, on its next page."""
    session.pop(KEY, None)
    session.pop(LOOKS, None)
    why = _("You are signed out here: from another browser, by a new password or address, or because it was too long ago.")
    flash(why, "note")


def _stamp(row: SignIn) -> None:
    """Last-seen time is written beside the request's own transaction, so that reading stays reading.

    A request that changes something has SQLite's one place for writers already: beside itself it would wait for itself.
    """
    if not reading.get() and db.engine.dialect.name == "sqlite":
        row.last_seen_at = clock.now()
        return
    token = reading.set(False)
    try:
        with db.engine.begin() as connection:
            connection.execute(sa.update(SignIn).where(SignIn.id == row.id).values(last_seen_at=clock.now()))
    except sa.exc.OperationalError:
        pass  # a busy database: the next request stamps
    finally:
        reading.reset(token)


def start(secret: str) -> None:
    """This browser's cookie carries the new sign-in; whatever the cookie held before is gone."""
    kept: dict[str, Any] = {"_flashes": session["_flashes"]} if "_flashes" in session else {}
    session.clear()
    session.update(kept, **{KEY: secret, "_fresh": True})
    session.permanent = True


def stop() -> None:
    """This browser's cookie carries nothing any more."""
    session.clear()
