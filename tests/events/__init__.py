"""What the tests of events share."""

import sqlalchemy as sa

from webapp.core.extensions import db
from webapp.events.models import GOING, OFFERED, WAITING, Rsvp


def rows_of(event):
    """The event's answers as they stand in the database."""
    db.session.flush()
    found = sa.select(Rsvp).where(Rsvp.event_id == event.id).order_by(Rsvp.place)
    return db.session.scalars(found, execution_options={"populate_existing": True}).all()


def counted(event):
    """The event's counters are equal to its rows."""
    rows = rows_of(event)
    assert event.seats_taken == sum(row.party for row in rows if row.state in (GOING, OFFERED))
    assert event.waiting_count == sum(row.state == WAITING for row in rows)
    places = [row.place for row in rows if row.place is not None]
    assert len(set(places)) == len(places)
    assert not places or max(places) <= event.last_place
    return rows
