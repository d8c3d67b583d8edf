"""Which answers to an event hosts look at or write to: all, or a part."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _, lazy_gettext as _l

from ..accounts.models import User
from ..core.extensions import db
from ..core.text.bidi import isolated
from ..core.text.strings import folded, like_pattern
from ..core.time import clock
from ..events import audience
from ..events.models import (
    ANSWERS,
    ASKED,
    GOING,
    MAYBE,
    NOT_GOING,
    OFFERED,
    REFUSED,
    WAITING,
    Event,
    EventNotice,
    Guest,
    Rsvp,
    on_waitlist,
    rsvp_pick,
)
from .models import Attendance
from .registration.form import registration_form

#: Tabs of the hosts' list -> states. Messages store these names (EventNotice.words), so a rename
#: needs a migration.
TABS = {
    "going": (GOING,),
    "offered": (OFFERED,),
    "maybe": (MAYBE,),
    "waitlist": (WAITING,),
    "requests": (ASKED,),
    "not-going": (NOT_GOING, REFUSED),
}
TAB_NAMES = {
    "going": _l("Going"),
    "offered": _l("Offered seats"),
    "maybe": _l("Maybe"),
    "waitlist": _l("Waiting list"),
    "requests": _l("Requests"),
    "not-going": _l("Not going"),
}
COMPANIONS, ALONE, GUESTS, CAME, ABSENT = ("companions", "alone", "guests", "came", "absent")
_HAS_COME = sa.exists().where(Attendance.rsvp_id == Rsvp.id).correlate(Rsvp)
#: Further filters within the tabs.
ONLY = {
    COMPANIONS: (_l("With plus-ones"), Rsvp.party > 1),
    ALONE: (_l("Without plus-ones"), Rsvp.party == 1),
    GUESTS: (_l("Without an account"), Rsvp.guest_id.is_not(None)),
    CAME: (_l("Attended"), _HAS_COME),
    ABSENT: (_l("Didn’t attend"), sa.and_(Rsvp.state == GOING, ~_HAS_COME)),
}
#: Check-in opens before the start because people arrive early.
CHECK_IN_OPENS = timedelta(hours=24)
#: Filters that match nobody before the first check-in.
AFTER_CHECK_IN = (CAME, ABSENT)


@dataclass(frozen=True)
class AttendeeFilter:
    """Selects answers by tab, by one filter (a key of `filter_options`) and by words in the
    name.
    """

    tabs: tuple[str, ...] = tuple(TABS)
    only: str = ""
    words: str = ""

    @property
    def condition(self) -> sa.ColumnElement[bool]:
        """The condition on Rsvp for answers under the tabs. Who is going and waits for seats for
        further people is under two.
        """
        states = [state for tab in self.tabs for state in TABS[tab]]
        rest = (on_waitlist(),) if "waitlist" in self.tabs else ()
        return sa.or_(Rsvp.state.in_(states), *rest)

    @property
    def stored(self) -> dict[str, Any]:
        """The filter as an EventNotice row stores it."""
        return {"tabs": list(self.tabs), "only": self.only}


def filter_options(event: Event) -> dict[str, str]:
    """Return the filters for this event with their labels: plus-ones, attendance, ticket types,
    choices.
    """
    is_used = had_check_in(event)
    fitting = (name for name in ONLY if is_used or name not in AFTER_CHECK_IN)
    registration, found = registration_form(event), {name: str(ONLY[name][0]) for name in fitting}
    found |= {
        one.id.hex: _("Ticket type: %(kind)s", kind=one.label) for one in registration.tickets
    }
    for question in registration.questions:
        found |= {
            one.id.hex: f"{isolated(question.text)} {isolated(one.label)}"
            for one in registration.choices.get(question.id, [])
        }
    return found


def had_check_in(event: Event) -> bool:
    """Whether anyone was checked in; if not, nothing is known about who attended."""
    return clock.now() >= event.starts_at - CHECK_IN_OPENS and bool(
        db.session.scalar(sa.select(sa.exists().where(Attendance.event_id == event.id)))
    )


def filter_from(words: dict[str, Any]) -> AttendeeFilter:
    """Restore a filter from what `stored` returned."""
    return AttendeeFilter(
        tuple(tab for tab in words.get("tabs", ()) if tab in TABS), words.get("only", "")
    )


def conditions(selection: AttendeeFilter) -> list[sa.ColumnElement[bool]]:
    """Return conditions for a statement of Rsvp joined with User and Guest, without the state."""
    found = [_is_named(like_pattern(word)) for word in folded(selection.words).split()]
    if selection.only in ONLY:
        found.append(ONLY[selection.only][1])
    elif selection.only:
        found.append(_have_picked(UUID(hex=selection.only)))
    return found


def _have_picked(option_id: UUID) -> sa.ColumnElement[bool]:
    return (
        sa.exists()
        .where(rsvp_pick.c.rsvp_id == Rsvp.id, rsvp_pick.c.option_id == option_id)
        .correlate(Rsvp)
    )


def _is_named(pattern: str) -> sa.ColumnElement[bool]:
    return sa.or_(*(one.search_text.like(pattern, escape="\\") for one in (User, Guest)))


def recipients(event: Event, notice: EventNotice) -> sa.Select[Any]:
    """Select the answers a message is for: those that existed when it was sent."""
    selection = filter_from(notice.words)
    answers = audience.answers_to(event, ANSWERS, but=notice.by_id).where(selection.condition)
    return answers.where(Rsvp.created_at <= notice.created_at, *conditions(selection))
