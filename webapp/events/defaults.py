"""The defaults of a group's new events, as its leaders have set them."""

from datetime import timedelta
from typing import Any

from flask_babel import gettext as _, ngettext

from ..accounts.models import User
from ..core.extensions import db
from ..core.observability import audit
from ..core.time import time_zones
from ..groups.models import Group
from ..groups.permissions import save_defaults
from .event_input import EventInput
from .models import EVERYONE, GROUP, LINK, EventDefault

#: The columns; all but the last are fields of the event form.
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
    """Return the group's defaults; None if it has none."""
    return db.session.get(EventDefault, group.id) if group is not None else None


def save(group: Group, by: User, **values: Any) -> None:
    """Save the group's defaults for new events; existing events stay as they are."""
    save_defaults(EventDefault, group, {name: values[name] for name in NAMES})
    audit.record("event_default.changed", by=by, subject=group)


def form_values(default: EventDefault | None) -> dict[str, Any]:
    """Return the values that prefill the event form."""
    return {name: getattr(default, name) for name in NAMES[:-1]} if default is not None else {}


def complete(plan: EventInput, default: EventDefault | None) -> EventInput:
    """Add the group's usual deadline to the plan if none was entered."""
    if default is not None and default.rsvp_deadline_hours and plan.rsvp_deadline is None:
        plan.rsvp_deadline = time_zones.existing(
            plan.starts - timedelta(hours=default.rsvp_deadline_hours), plan.zone
        )
    return plan


def in_words(plan: Any, answers_end: Any = "") -> str:
    """Summarize the settings of a new event's form, such as “no seat limit”; `answers_end`: ""
    means at the start.
    """
    visibilities = {
        EVERYONE: _("Everyone can see it"),
        GROUP: _("Only members can see it"),
        LINK: _("Only people with the link can see it"),
    }
    seats, companions = plan["capacity"], plan["max_plus_ones"]
    parts = (
        visibilities.get(plan["audience"], ""),
        ngettext("%(num)s seat", "%(num)s seats", seats) if seats else _("no seat limit"),
        ngettext("%(num)s plus-one each", "%(num)s plus-ones each", companions)
        if companions
        else _("no plus-ones"),
        _("answers until %(when)s", when=answers_end)
        if answers_end
        else _("answers until the start"),
    )
    return " · ".join(filter(None, parts))
