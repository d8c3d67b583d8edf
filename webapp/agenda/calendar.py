"""Sessions for calendar programs: those that someone has chosen, as a file, or in the feed of
their events.
"""

from collections.abc import Iterable

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from ..core.extensions import db
from ..core.http import links
from ..core.time import clock
from ..events.access import visible_to
from ..events.calendar.entries import STATUS, CalendarEntry, host_of
from ..events.calendar.feeds import MOST, PAST
from ..events.calendar.files import calendar_of
from ..events.models import CANCELLED, OFFERED, WAITING, CalendarFeed, Event
from ..groups.models import Group
from .models import AgendaSession, Booking


def agenda_for(event: Event, chosen: Iterable[tuple[AgendaSession, Booking]]) -> bytes:
    """The sessions that someone has chosen, each as sure as their seat in it is; what was
    cancelled is so marked.
    """
    return calendar_of(
        entries_of_sessions(chosen), method="PUBLISH", **{"x-wr-calname": event.title}
    )


def entries_of_sessions(chosen: Iterable[tuple[AgendaSession, Booking]]) -> list[CalendarEntry]:
    """An entry for each session, as the person stands to it whose calendar it is; what they gave
    up is cancelled.
    """
    labels = {
        WAITING: _("You’re on the waiting list."),
        OFFERED: _("We’re holding a seat for you."),
    }
    return [_entry(one, booking, labels.get(booking.state, "")) for one, booking in chosen]


def sessions_in(feed: CalendarFeed) -> list[tuple[AgendaSession, Booking]]:
    """The sessions that its person has chosen, waits for, or gave up, with how they stand; soonest
    first. Of a group's, none.

    What was given up stays, to be taken out of the calendars that have it. One statement; one more
    for who speaks.
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
    """The entry of a session for someone who has seats in it, waits for them, or has given them
    up; `status` says it in words.

    It is another one with each change of the session, of its event, whose clocks and place it has,
    and of the seats.
    """
    site, event = links.absolute(""), session.event
    url = f"{site}{session.path}"
    said = (
        status,
        session.cancelled_reason,
        ", ".join(one.name for one in session.speakers),
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
        description="\n\n".join(part for part in said if part),
        venue=", ".join(part for part in places if part),
        organizer=links.sender(),
    )
