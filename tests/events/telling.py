"""What the jobs do with the news of events, for tests."""

from datetime import timedelta

import sqlalchemy as sa

from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.events import change_notices
from webapp.events.models import EventNews


def pause_is_over():
    """What waits to be told may be told now."""
    db.session.flush()
    waits = sa.update(EventNews).where(EventNews.begun_at.is_(None), EventNews.ended_at.is_(None))
    db.session.execute(waits.values(due_at=clock.now()))


def tell_everyone():
    """All that is to be told has been told, within this transaction."""
    pause_is_over()
    for news_id in change_notices.due(clock.now() + timedelta(days=1)):
        while change_notices.step(news_id):
            pass
    db.session.flush()
