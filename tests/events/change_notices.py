"""What the jobs do with the news of events, for tests."""

from datetime import timedelta

import sqlalchemy as sa

from webapp.core.extensions import db
from webapp.core.jobs import fan_out
from webapp.core.jobs.fan_out import FanOut
from webapp.core.time import clock


def pause_is_over():
    """What waits to be told may be told now."""
    db.session.flush()
    waits = sa.update(FanOut).where(FanOut.begun_at.is_(None), FanOut.ended_at.is_(None))
    db.session.execute(waits.values(due_at=clock.now()))


def tell_everyone():
    """Tell everyone what is to be told, within this transaction."""
    pause_is_over()
    for fan_out_id in fan_out.due(clock.now() + timedelta(days=1)):
        while fan_out.step(fan_out_id):
            pass
    db.session.flush()
