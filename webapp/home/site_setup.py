"""The setup list of a new site, for its admins: features add steps, and each tells whether it is
done.
"""

import sqlalchemy as sa
from flask import current_app, url_for
from flask_babel import gettext as _, lazy_gettext as _l

from ..accounts.models import User
from ..core import site_settings
from ..core.db import site_flags
from ..core.extensions import db
from ..core.ui.to_do import Todo, TodoRule
from ..groups.models import Group
from ..mail.email_check import ARRIVED

#: Set when an admin has hidden the list.
HIDDEN = "setup_hidden"


_RULES: dict[str, TodoRule] = {}


def add_step(rule: TodoRule) -> None:
    """Add a step to the list: its `how_many` tells whether it's open."""
    _RULES[rule.name] = rule


def steps_for(user: User) -> list[Todo]:
    """Return every step; none once all are done, or the list is hidden. One statement."""
    rules = sorted(_RULES.values(), key=lambda rule: rule.rank)
    hidden = site_flags.is_set(HIDDEN)
    is_hidden, *are_open = db.session.execute(
        sa.select(hidden, *(rule.how_many(user) for rule in rules))
    ).one()
    if is_hidden or not any(are_open):
        return []
    return [_step(rule, user, is_open) for rule, is_open in zip(rules, are_open, strict=True)]


def _step(rule: TodoRule, user: User, is_open: bool) -> Todo:
    values = rule.values(user) if rule.values else {}
    url = url_for(rule.endpoint, **values) if rule.endpoint else ""
    words, hint, verb = rule.words(1), str(rule.hint), str(rule.verb)
    return Todo(words, hint, url, verb, is_done=not is_open)


def hide() -> None:
    """Hide the list from all admins."""
    site_flags.set_now(HIDDEN)


def register_site_steps() -> None:
    """Add the steps for settings, email, groups and people."""
    for rule in _SITE_STEPS:
        add_step(rule)


def _is_unnamed(_user: User) -> sa.ColumnElement[bool]:
    """Whether no admin has saved the site's settings."""
    return sa.literal(not site_settings.now().version)


def _has_no_email(_user: User) -> sa.ColumnElement[bool]:
    """Whether no test email has arrived; always without a mail server."""
    is_missing = bool(current_app.config["DEV_MAIL"])
    return sa.or_(sa.literal(is_missing), ~site_flags.is_set(ARRIVED))


def _has_no_group(_user: User) -> sa.ColumnElement[bool]:
    """Whether there is no group."""
    return ~sa.exists().where(Group.deleted_at.is_(None))


def _is_alone(user: User) -> sa.ColumnElement[bool]:
    """Whether no one but `user` has an account."""
    return ~sa.exists().where(User.id != user.id, User.deactivated_at.is_(None))


_SITE_STEPS = (
    TodoRule(
        "settings",
        lambda _open: _("Name your site"),
        _is_unnamed,
        "admin_settings.edit",
        _l("Open settings"),
        hint=_l("Also choose its logo and colour, and who can sign up and start groups."),
        rank=1,
    ),
    TodoRule(
        "email",
        lambda _open: _("Send a test email"),
        _has_no_email,
        "test_emails.show",
        _l("Send a test email"),
        hint=_l("People confirm their email address by email, so the site needs a mail server."),
        rank=2,
    ),
    TodoRule(
        "group",
        lambda _open: _("Start the first group"),
        _has_no_group,
        "groups.new",
        _l("Start a group"),
        hint=_l("Groups hold events, votes and conversation."),
        rank=5,
    ),
    TodoRule(
        "people",
        lambda _open: _("Invite people"),
        _is_alone,
        "groups.index",
        _l("Choose a group"),
        hint=_l("Share one link, or send emails."),
        values=lambda _user: {"view": "mine"},
        rank=6,
    ),
)
