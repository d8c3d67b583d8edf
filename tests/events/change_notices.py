"""Run the jobs that notify people of changes to events."""

from datetime import timedelta

import sqlalchemy as sa

from webapp.core.extensions import db
from webapp.core.jobs import fan_out
from webapp.core.jobs.fan_out import FanOut
from webapp.core.time import clock


def pause_is_over():
    """End the pause before people are notified."""
    db.session.flush()
    waits = sa.update(FanOut).where(FanOut.begun_at.is_(None), FanOut.ended_at.is_(None))
    db.session.execute(waits.values(due_at=clock.now()))


def tell_everyone():
    """Notify everyone of all changes, within this transaction."""
    pause_is_over()
    for fan_out_id in fan_out.due(clock.now() + timedelta(days=1)):
        while fan_out.step(fan_out_id):
            pass
    db.session.flush()
