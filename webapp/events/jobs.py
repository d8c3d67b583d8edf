"""What the clock asks of events."""

import sqlalchemy as sa

from ..core import clock
from ..core.database import locked
from ..core.extensions import db
from ..core.queue import every, job
from . import notices, queue
from .models import Event, Rsvp


@job("events.expire_offers")
def expire_offers() -> None:
    """Seats of offers that ran out have gone on to the next. Run twice, it does nothing the second time."""
    ended = sa.select(Rsvp.event_id).where(Rsvp.offered_until <= clock.now()).distinct().order_by(Rsvp.event_id)
    for event_id in db.session.scalars(ended).all():
        event = locked(Event, event_id)
        queue.settle(event)
        notices.changed(event)
        db.session.commit()


every(60, "events.expire_offers")
