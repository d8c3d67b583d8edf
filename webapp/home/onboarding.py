"""Checklists that tick themselves: for admins of a new site, for newcomers, and for owners of a new
group.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from flask import url_for
from flask_babel import gettext as _

from ..accounts.models import User
from ..core.ui.to_do import Todo
from ..groups.models import OWNER
from . import site_setup

#: How long a new group shows the checklist to its owners.
A_WHILE = timedelta(days=30)


class Checklist(NamedTuple):
    """A checklist.

    A form posts to `hide_url` to hide it for good; "" if it disappears by itself.
    """

    title: str
    steps: list[Todo]
    hide_url: str = ""

    @property
    def done(self) -> int:
        """Return how many steps are done."""
        return sum(step.is_done for step in self.steps)

    @property
    def next(self) -> Todo | None:
        """The first open step that has a URL."""
        return next((step for step in self.steps if step.url and not step.is_done), None)


def of_site(user: User) -> Checklist | None:
    """Return the setup steps of the site; None for people who aren't admins, or if none are
    shown.
    """
    if not user.is_admin:
        return None
    steps = site_setup.steps_for(user)
    hide_url = url_for("home.hide_setup")
    return Checklist(_("Set up the site"), steps, hide_url) if steps else None


def of_newcomer(user: User) -> Checklist:
    """Return the first steps of someone without groups and events."""
    confirm = (
        Todo(_("Email confirmed"), is_done=True)
        if user.is_verified
        else Todo(_("Confirm your email address"), _("Open the link in the email we sent."))
    )
    picture = url_for("profile.edit")
    return Checklist(
        _("Getting started"),
        [
            confirm,
            Todo(_("Join a group"), url=url_for("groups.index")),
            Todo(
                _("Add a picture"),
                url=picture,
                is_done=user.picture is not None,
                is_optional=True,
            ),
        ],
    )


def of_organizer(groups: Sequence[Any], now: datetime) -> Checklist | None:
    """Return the first steps of the newest group that the person owns; None once all are done."""
    young = [row for row in groups if row.role == OWNER and row.created_at > now - A_WHILE]
    if not young:
        return None
    group = max(young, key=lambda row: row.created_at)
    invite = url_for("invitations.index", slug=group.slug)
    event = url_for("events.new", group=group.slug)
    vote = url_for("votes.new", group=group.slug)
    steps = [
        Todo(_("Invite people"), url=invite, is_done=group.has_people),
        Todo(_("Plan a first event"), url=event, is_done=group.has_event),
        Todo(_("Open a first vote"), url=vote, is_done=group.has_vote),
    ]
    if all(step.is_done for step in steps):
        return None
    return Checklist(_("Get started with %(group)s", group=group.name), steps)
