"""The setup list of a new site, for its admins: features add steps, and each tells whether it is
done.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import current_app
from flask_babel import lazy_gettext as _l

from ..accounts.models import User
from ..core import site_settings
from ..core.db import site_flags
from ..core.extensions import db
from ..groups.models import Group
from ..mail.email_check import ARRIVED

#: Set when an admin has hidden the list.
HIDDEN = "setup_hidden"
Condition = Callable[[User], sa.ColumnElement[bool]]


class SetupStep(NamedTuple):
    """A step; `is_done` is a part of the one statement for all of them.

    `endpoint` and `values` give the URL of the button with the label `action`.
    """

    order: int
    title: Any
    hint: Any
    is_done: Condition
    endpoint: str = ""
    action: Any = ""
    values: Mapping[str, Any] = {}


_STEPS: dict[str, SetupStep] = {}


def add_step(name: str, step: SetupStep) -> None:
    """Add a step to the list."""
    _STEPS[name] = step


def steps_for(user: User) -> list[tuple[SetupStep, bool]]:
    """Return every step and whether it is done; none once all are, or the list is hidden.

    One statement.
    """
    steps = sorted(_STEPS.values(), key=lambda step: step.order)
    hidden = site_flags.is_set(HIDDEN)
    is_hidden, *done = db.session.execute(
        sa.select(hidden, *(step.is_done(user) for step in steps))
    ).one()
    return [] if is_hidden or all(done) else list(zip(steps, map(bool, done), strict=True))


def hide() -> None:
    """Hide the list from all admins."""
    site_flags.set_now(HIDDEN)


def register_site_steps() -> None:
    """Add the steps for settings, email, groups and people."""
    for name, step in _SITE_STEPS.items():
        add_step(name, step)


def _is_configured(_user: User) -> sa.ColumnElement[bool]:
    """Whether an admin has saved the site's settings."""
    return sa.literal(bool(site_settings.now().version))


def _has_group(_user: User) -> sa.ColumnElement[bool]:
    """Whether there is a group."""
    return sa.exists().where(Group.deleted_at.is_(None))


def _has_others(user: User) -> sa.ColumnElement[bool]:
    """Whether anyone but `user` has an account."""
    return sa.exists().where(User.id != user.id, User.deactivated_at.is_(None))


def _has_email(_user: User) -> sa.ColumnElement[bool]:
    """Whether a test email arrived; never without a mail server."""
    is_set_up = not current_app.config["DEV_MAIL"]
    return sa.and_(sa.literal(is_set_up), site_flags.is_set(ARRIVED))


_SITE_STEPS = {
    "settings": SetupStep(
        1,
        _l("Name your site"),
        _l("Also choose its logo and colour, and who can sign up and start groups."),
        _is_configured,
        "admin_settings.edit",
        _l("Open settings"),
    ),
    "email": SetupStep(
        2,
        _l("Send a test email"),
        _l("People confirm their email address by email, so the site needs a mail server."),
        _has_email,
        "test_emails.show",
        _l("Send a test email"),
    ),
    "group": SetupStep(
        5,
        _l("Start the first group"),
        _l("Groups hold events, votes and conversation."),
        _has_group,
        "groups.new",
        _l("Start a group"),
    ),
    "people": SetupStep(
        6,
        _l("Invite people"),
        _l("Share one link, or send emails."),
        _has_others,
        "groups.index",
        _l("Choose a group"),
        {"view": "mine"},
    ),
}
