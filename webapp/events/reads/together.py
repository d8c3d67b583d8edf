"""Events that two people go to, or went to."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from ...accounts.models import User
from ...core.extensions import db
from ..access import visible_to
from ..list_rows import EventRow, own_row
from ..models import GOING, PUBLISHED, Event, Rsvp
from .listing import rows


def shared_by(reader: User, person: Any, limit: int = 4) -> list[EventRow]:
    """Return the latest events where both are among the attendees, as far as `reader` may see
    that: hosts show the attendees, and the person isn't anonymous. One statement.
    """
    mine, theirs = aliased(Rsvp), aliased(Rsvp)
    query = (
        rows()
        .join(mine, sa.and_(mine.event_id == Event.id, mine.user_id == reader.id))
        .join(theirs, sa.and_(theirs.event_id == Event.id, theirs.user_id == person.id))
        .where(mine.state == GOING, theirs.state == GOING, ~theirs.is_anonymous)
        .where(Event.shows_attendees, Event.state == PUBLISHED, visible_to(reader))
    )
    found = db.session.execute(query.order_by(Event.starts_at.desc(), Event.id).limit(limit))
    return [own_row(row, reader.zone) for row in found]
