"""A cancellation is undone until the event starts."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from ..accounts.models import User
from ..core import audit, clock, hooks
from ..core.database import FRESH, locked
from ..core.errors import RuleBroken
from ..core.extensions import db
from . import news, notices, planning, queue
from .models import OFFERED, PUBLISHED, AgendaSession, Booking, Event, Line, Rsvp
from .models import news as kinds
from .standing import unresumable_because


def resume(event: Event, by: User) -> bool:
    """It takes place after all, with its seats and its waiting list as they were; everyone who
    answered hears so.

    False when it is not cancelled. Raises RuleBroken from its start on.
    """
    event = locked(Event, event.id)
    if not event.is_cancelled:
        return False
    planning.require_there(event)
    refusal = unresumable_because(event)
    if refusal:
        raise RuleBroken(refusal)
    event.state, event.cancelled_reason = PUBLISHED, ""
    event.version += 1
    event.timed_at = (
        clock.now()
    )  # who is told that it takes place needs no reminder that was due before
    news.end(event, kinds.CANCELLED)
    news.ask(event, kinds.RESUMED, by)
    news.ask_again_of_change(event, by)
    _renew_offers(event)
    queue.settle(event)
    hooks.event_resumed(event=event)
    audit.record("event.resumed", by=by, subject=event)
    notices.planned(event)
    return True


def _renew_offers(event: Event) -> None:
    """Seats that were held for people when it was cancelled are held as long as with a new
    offer, in sessions, too.
    """
    of_event = sa.select(Rsvp).where(Rsvp.event_id == event.id, Rsvp.state == OFFERED)
    for row in db.session.scalars(of_event, execution_options=FRESH):
        row.offered_until = _until(event)
    of_sessions = sa.select(Booking).join(Booking.session).where(AgendaSession.event_id == event.id)
    for booking in db.session.scalars(
        of_sessions.where(Booking.state == OFFERED), execution_options=FRESH
    ):
        booking.offered_until = _until(booking.session)


def _until(line: Line) -> datetime:
    """Answers that are closed by now end offers, too."""
    now = clock.now()
    return now + max(timedelta(), min(queue.OFFER_LASTS, (line.deadline - now) / 2))
