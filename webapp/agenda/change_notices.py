"""Notices to people with a seat in a session, or on its waiting list: it has a new time or room, or
is cancelled.
"""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from ..accounts.models import User
from ..core.extensions import db
from ..core.jobs.fan_out import FanOut
from ..core.time import clock
from ..events import audience, change_notices
from ..events.models import GOING, NOT_GOING, Event, EventNotice
from ..events.models.change_notice import SESSION
from . import notices
from .models import AgendaSession, Booking


def schedule_of(session: AgendaSession) -> dict[str, Any]:
    """Return time and room, for comparing them later."""
    return {
        "starts": session.starts_at.isoformat(),
        "ends": session.ends_at.isoformat(),
        "room": session.room.name if session.room else "",
    }


def send_change(event: Event, session: AgendaSession, before: dict[str, Any], by: User) -> None:
    """Notify of what changed since `before`, after the pause, once for all changes until then. Does
    nothing if time and room are the same.
    """
    waiting = _waiting(event, session)
    if waiting is not None:
        change_notices.postpone(waiting)
    elif schedule_of(session) != before and session.seats_taken + session.waiting_count:
        words = {"session": str(session.id), "before": before}
        change_notices.send(
            event,
            SESSION,
            by,
            subject=session.title,
            words=words,
            due_at=clock.now() + change_notices.PAUSE,
        )


def send_cancellation(event: Event, session: AgendaSession, by: User) -> None:
    """Notify at once that the session is cancelled."""
    if session.seats_taken + session.waiting_count:
        change_notices.send(
            event, SESSION, by, subject=session.title, words={"session": str(session.id)}
        )


def _waiting(event: Event, session: AgendaSession) -> FanOut | None:
    for notice, row in change_notices.hold_waiting(event, SESSION):
        if notice.words["session"] == str(session.id) and "before" in notice.words:
            return row
    return None


def session_of(row: EventNotice) -> AgendaSession | None:
    """Return the notice's session; None if it was deleted."""
    return db.session.get(AgendaSession, UUID(row.words["session"]))


def is_current(event: Event, row: EventNotice) -> bool:
    """Whether there is still something to tell: the session is cancelled, or its time or room
    differ from before.
    """
    session = session_of(row)
    if session is None or not event.is_published or event.deleted_at is not None:
        return False
    if "before" not in row.words:
        return session.cancelled_at is not None
    return session.cancelled_at is None and schedule_of(session) != row.words["before"]


def recipients(event: Event, row: EventNotice) -> sa.Select[Any]:
    """Select the bookings of people to notify, except the person who made the change. People who
    left, or can't see the event any more, aren't notified.
    """
    concerned = sa.select(Booking).where(
        Booking.session_id == UUID(row.words["session"]), Booking.state != NOT_GOING
    )
    going = audience.answers_to(event, (GOING,), but=row.by_id).subquery()
    theirs = (
        Booking.user_id.in_(sa.select(going.c.user_id)),
        Booking.guest_id.in_(sa.select(going.c.guest_id)),
    )
    return concerned.where(sa.or_(*theirs))


change_notices.register(
    SESSION,
    recipients,
    Booking.id,
    lambda event, row: change_notices.is_shown(event) and is_current(event, row),
    lambda event, row, rows: notices.session_changed(
        session_of(row), [booking.who for booking in rows], row.words.get("before")
    ),
)
