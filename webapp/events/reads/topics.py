"""How many events have each of the site's topics as their own."""

from uuid import UUID

import sqlalchemy as sa

from ...core.extensions import db
from ..models import Event


def events_by_topic() -> dict[UUID, int]:
    """The number of events that stand, by their topic's id; none of those that have the topics
    of their group.
    """
    counted = sa.select(Event.category_id, sa.func.count()).where(
        Event.category_id.is_not(None), Event.deleted_at.is_(None)
    )
    return {
        topic_id: number
        for topic_id, number in db.session.execute(counted.group_by(Event.category_id))
        if topic_id
    }
