"""The queue's log: what happened, to whom, and why. Written under the event's lock."""

from collections.abc import Sequence

import sqlalchemy as sa

from ..core.extensions import db
from . import places
from .models import Event, QueueStep, Rsvp


def note_passed(event: Event, passed: Sequence[Rsvp]) -> None:
    """The log says of each of these parties that it was passed: for want of seats, or of a place in what it has picked."""
    for row in passed:
        log(event, "skipped", row, row.needs, full=_full_for(event, row))


def _full_for(event: Event, row: Rsvp) -> str:
    """What else than the seats is too few for a party that waits."""
    if not event.asks or (event.seats_free is not None and row.needs > event.seats_free):
        return ""
    return places.first_full(row.picks, row.needs)


def log(event: Event, step: str, row: Rsvp | None = None, party: int | None = None, full: str = "") -> None:
    """One more line in the event's log, with the seats that are free before the step."""
    so_far = sa.select(sa.func.coalesce(sa.func.max(QueueStep.number), 0)).where(QueueStep.event_id == event.id)
    db.session.add(
        QueueStep(
            event_id=event.id,
            number=so_far.scalar_subquery() + 1,
            user_id=row.user_id if row else None,
            guest_id=row.guest_id if row else None,
            step=step,
            party=party or (row.party if row else 0),
            seats_free=event.seats_free,
            full=full,
        )
    )
