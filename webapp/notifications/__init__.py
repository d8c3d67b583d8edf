"""What reaches a person: the inbox, and the stream that their pages listen to."""

from typing import Any

from flask import Flask, g
from flask_login import current_user

from ..accounts import loader
from ..accounts.models import SignIn
from ..core import hooks, live
from . import access, inbox, jobs, models, reads
from .routes import BLUEPRINTS

__all__ = ["access", "jobs", "models", "register"]


def register(app: Flask) -> None:
    """The feature's pages and jobs are part of the application; templates can say how much is unread."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.jinja_env.globals.update(unread_count=unread_count)
    loader.also("unread", reads.unread_count(SignIn.__table__.c.user_id), _receive)
    hooks.user_erased.subscribe(inbox.erase)
    hooks.user_deactivated.subscribe(_rights_changed)
    hooks.member_left.subscribe(_rights_changed)


def unread_count() -> int:
    """How many lines the reader of this page has not read, as it was when they were loaded; 0 for a visitor."""
    return g.unread_count if current_user.is_authenticated and "unread_count" in g else 0


def _receive(user: Any, unread: int) -> None:
    g.unread_count = unread


def _rights_changed(user: Any, **_what: Any) -> None:
    live.rights_changed(user.id)
