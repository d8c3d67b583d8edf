"""Scheduled jobs of events."""

from uuid import UUID

import sqlalchemy as sa

from ..core import hooks
from ..core.db.session import locked
from ..core.extensions import db
from ..core.jobs import batches
from ..core.jobs.queue import every, job
from ..core.time import clock
from ..events import notices
from ..events.models import CANCELLED, Event, Rsvp
from . import event_reminders, feedback, notice_audiences as notice_audiences, waitlist


@job("events.expire_offers")
def expire_offers() -> None:
    """Give the seats of expired offers to the next parties.

    Idempotent.
    """
    now = clock.now()
    ended = (
        sa.select(Rsvp.event_id)
        .join(Rsvp.event)
        .where(Rsvp.offered_until <= now, Event.state != CANCELLED)
        .distinct()
    )
    events = set(db.session.scalars(ended))
    hooks.offers_due(now=now, events=events)
    batches.for_each("events.expire_offers", sorted(events), _settle)


def _settle(event_id: UUID) -> None:
    event = locked(Event, event_id)
    waitlist.promote(event)
    hooks.event_settled(event=event)
    notices.signal_answers(event)


@job("events.remind")
def remind() -> None:
    """Send the due reminders, each once."""
    batches.for_each("events.remind", event_reminders.due(clock.now()), event_reminders.send)


@job("events.ask_how_it_was")
def ask_how_it_was() -> None:
    """Ask attendees of ended events for feedback, once."""
    batches.for_each(
        "events.ask_how_it_was",
        event_reminders.due_feedback_requests(clock.now()),
        event_reminders.send,
    )


@job("events.tell_feedback")
def notify_feedback() -> None:
    """Notify hosts once a day of new feedback, and finalize what can no longer change."""
    batches.for_each(
        "events.tell_feedback",
        feedback.due(),
        lambda event_id: feedback.notify_hosts(locked(Event, event_id)),
    )


every(60, "events.expire_offers")
every(300, "events.ask_how_it_was")
every(86_400, "events.tell_feedback")
every(60, "events.remind")
