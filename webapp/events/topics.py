"""What of events follows the site's topics."""

import sqlalchemy as sa

from ..core.extensions import db
from ..groups.models import Category
from .models import Event


def removed(topic: Category, into: Category | None) -> None:
    """Events with the topic have the other one instead; without one, they are about what their
    group is.
    """
    theirs = sa.update(Event).where(Event.category_id == topic.id)
    db.session.execute(theirs.values(category_id=into.id if into is not None else None))
