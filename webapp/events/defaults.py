"""What a group's new events begin with, as those who lead the group have settled it."""

from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from ..accounts.models import User
from ..core.extensions import db
from ..core.observability import audit
from ..core.time import time_zones
from ..groups import memberships
from ..groups.models import Group
from .event_input import EventInput
from .models import EVERYONE, GROUP, LINK, EventDefault

#: The columns, each a field of the form in which an event is planned, but for the last.
NAMES = (
    "audience",
    "capacity",
    "max_plus_ones",
    "promotion",
    "shows_attendees",
    "allows_guests",
    "rsvp_deadline_hours",
)


def of(group: Group | None) -> EventDefault | None:
    """What the group has settled; None where it has not."""
    return db.session.get(EventDefault, group.id) if group is not None else None


def save(group: Group, by: User, **values: Any) -> None:
    """New events of the group begin with these values; those that are planned already stay as
    they are.
    """
    group = memberships.hold(group)
    row = of(group)
    if row is None:
        row = EventDefault(group_id=group.id)
        db.session.add(row)
    for name in NAMES:
        setattr(row, name, values[name])
    audit.record("event_default.changed", by=by, subject=group)
    db.session.flush()


def form_values(default: EventDefault | None) -> dict[str, Any]:
    """The fields of the form that they fill in beforehand."""
    return {name: getattr(default, name) for name in NAMES[:-1]} if default is not None else {}


def complete(plan: EventInput, default: EventDefault | None) -> EventInput:
    """The plan, whose answers end when the group has them end, where the person who plans said
    nothing.
    """
    if default is not None and default.rsvp_deadline_hours and plan.rsvp_deadline is None:
        plan.rsvp_deadline = time_zones.existing(
            plan.starts - timedelta(hours=default.rsvp_deadline_hours), plan.zone
        )
    return plan


def in_words(plan: Any, answers_end: Any = "") -> str:
    """What the settings in a new event's form are, such as “no seat limit”; `answers_end` in words,
    unless at the start.
    """
    seen = {
        EVERYONE: _("Everyone can see it"),
        GROUP: _("Only members can see it"),
        LINK: _("Only people with the link can see it"),
    }
    seats, companions = plan["capacity"], plan["max_plus_ones"]
    parts = (
        seen.get(plan["audience"], ""),
        ngettext("%(num)s seat", "%(num)s seats", seats) if seats else _("no seat limit"),
        ngettext("%(num)s plus-one each", "%(num)s plus-ones each", companions)
        if companions
        else _("no plus-ones"),
        _("answers until %(when)s", when=answers_end)
        if answers_end
        else _("answers until the start"),
    )
    return " · ".join(filter(None, parts))
