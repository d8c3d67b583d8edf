"""When people are asked how an event was: two hours after the end, once; a site that was down
makes up for it for two days.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from ..core.extensions import db
from ..groups.models import Group
from .models import NONE, PUBLISHED, Event, EventNews
from .models.news import FEEDBACK
from .reminding import Due

AFTER, UNTIL = timedelta(hours=2), timedelta(days=2)


def due(now: datetime) -> Sequence[Due]:
    """The events that are over, and at which nobody has been asked yet."""
    asked = (
        sa.exists()
        .where(EventNews.event_id == Event.id, EventNews.kind == FEEDBACK)
        .correlate(Event)
    )
    wanted = sa.select(Event.id, Event.starts_at).outerjoin(Group, Group.id == Event.group_id)
    wanted = wanted.where(
        Event.ends_at > now - UNTIL, Event.ends_at <= now - AFTER, Event.state == PUBLISHED, ~asked
    )
    wanted = wanted.where(
        Event.feedback != NONE,
        Event.deleted_at.is_(None),
        Event.hidden_at.is_(None),
        Group.deleted_at.is_(None),
    )
    return [
        Due(event_id, FEEDBACK, starts_at)
        for event_id, starts_at in db.session.execute(wanted.order_by(Event.ends_at))
    ]
