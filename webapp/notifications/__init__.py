"""Notifications as each person chose them: inbox, emails, digest, and the stream for open pages."""

from typing import Any

from flask import Flask, g
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from ..accounts import loader
from ..accounts.models import SignIn
from ..core import hooks, live
from ..core.ui.cached_macro import cached_macro
from ..core.ui.help import HelpTopic, add
from . import digests, emails, exporting, inbox, jobs, models, notify, preferences, reads

__all__ = ["inbox", "digests", "jobs", "emails", "models", "register"]


def _add_help() -> None:
    summary = _l("What you get by email, what in your inbox, and how to get less.")
    add(
        HelpTopic(
            "mails-and-notifications",
            _l("Emails and notifications"),
            summary,
            "notifications/help/mails-and-notifications.html",
        )
    )


def register(app: Flask) -> None:
    """Register the feature's pages, jobs, hooks and template globals."""
    from .routes import BLUEPRINTS  # here because its pages read groups, a feature further right

    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.jinja_env.globals["unread_count"] = unread_count
    app.jinja_env.globals["inbox_bundle"] = cached_macro(
        app, "notifications/_line.html", "bundle", 4000
    )
    _add_help()
    loader.load_with("unread", reads.unread_count(SignIn.__table__.c.user_id), _receive)
    hooks.email_verified.subscribe(notify.alert_admins)
    hooks.user_exported.subscribe(exporting.add)
    hooks.user_erased.subscribe(inbox.erase)
    hooks.user_erased.subscribe(preferences.erase)
    hooks.user_deactivated.subscribe(_rights_changed)
    hooks.member_left.subscribe(_rights_changed)
    hooks.member_left.subscribe(_left)


def unread_count() -> int:
    """Return the reader's number of unread lines when they were loaded; 0 for a visitor."""
    return g.unread_count if current_user.is_authenticated and "unread_count" in g else 0


def _receive(user: Any, unread: int) -> None:
    g.unread_count = unread


def _rights_changed(user: Any, **_what: Any) -> None:
    live.rights_changed(user.id)


def _left(group: Any, user: Any, **_what: Any) -> None:
    """Forget the group's level: people who come back start as newcomers do."""
    preferences.forget_level(user, group.id)
