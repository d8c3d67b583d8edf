"""Sessions for calendar programs: the chosen ones as a file, or in the feed of someone's events."""

from collections.abc import Iterable

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from ..core.extensions import db
from ..core.http import links
from ..core.text.strings import listed
from ..core.time import clock
from ..events.access import visible_to
from ..events.calendar.entries import STATUS, CalendarEntry, host_of
from ..events.calendar.feeds import MOST, PAST
from ..events.calendar.files import calendar_of
from ..events.models import CANCELLED, OFFERED, WAITING, CalendarFeed, Event
from ..groups.models import Group
from .models import AgendaSession, Booking


def agenda_for(event: Event, chosen: Iterable[tuple[AgendaSession, Booking]]) -> bytes:
    """Return the chosen sessions as a calendar file, tentative or confirmed by their seat;
    cancelled ones are marked.
    """
    return calendar_of(
        entries_of_sessions(chosen), method="PUBLISH", **{"x-wr-calname": event.title}
    )


def entries_of_sessions(chosen: Iterable[tuple[AgendaSession, Booking]]) -> list[CalendarEntry]:
    """Return an entry for each session, with the person's state in it. Sessions they gave up are
    cancelled.
    """
    labels = {
        WAITING: _("You’re on the waiting list."),
        OFFERED: _("We’re holding a seat for you."),
    }
    return [_entry(one, booking, labels.get(booking.state, "")) for one, booking in chosen]


def sessions_in(feed: CalendarFeed) -> list[tuple[AgendaSession, Booking]]:
    """Return the feed owner's sessions with their bookings, soonest first: chosen, waiting and
    given up. None for a group's feed.
    Sessions given up stay, so that calendars that have them remove them. One statement, and one for
    speakers.
    """
    if feed.group_id is not None:
        return []
    whole = contains_eager(Booking.session)
    whole = whole.options(
        contains_eager(AgendaSession.event),
        joinedload(AgendaSession.room),
        selectinload(AgendaSession.speakers),
    )
    query = (
        sa.select(Booking)
        .join(Booking.session)
        .join(AgendaSession.event)
        .outerjoin(Group, Group.id == Event.group_id)
    )
    query = query.where(
        Booking.user_id == feed.user_id,
        Event.agenda_published_at.is_not(None),
        visible_to(feed.user),
    )
    query = query.where(AgendaSession.ends_at > clock.now() - PAST).order_by(
        AgendaSession.starts_at, AgendaSession.id
    )
    return [(row.session, row) for row in db.session.scalars(query.limit(MOST).options(whole))]


def _entry(session: AgendaSession, booking: Booking, status: str) -> CalendarEntry:
    """The entry of a session for someone who has seats in it, waits for them, or gave them up;
    `status`: their state as text.
    Its sequence increases with each change of the session, of its event, whose zone and venue it
    has, and of the booking.
    """
    site, event = links.absolute(""), session.event
    url = f"{site}{session.path}"
    parts = (
        status,
        session.cancelled_reason,
        listed(one.name for one in session.speakers),
        event.title,
        url,
    )
    places = (session.room.name if session.room else "", event.venue)
    return CalendarEntry(
        uid=f"{session.id}@{host_of(site)}",
        sequence=session.version + event.version + booking.calendar_turns,
        changed_at=max(
            session.changed_at, event.changed_at or session.changed_at, booking.booked_at
        ),
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        zone=event.zone,
        is_all_day=False,
        title=session.title,
        status="CANCELLED"
        if session.cancelled_at or event.state == CANCELLED
        else STATUS.get(booking.state, "CANCELLED"),
        url=url,
        description="\n\n".join(part for part in parts if part),
        venue=", ".join(part for part in places if part),
        organizer=links.sender(),
    )
