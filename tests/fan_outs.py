"""Running fan-outs in tests."""

from datetime import timedelta

import sqlalchemy as sa
import time_machine

from webapp.core.extensions import db
from webapp.core.jobs import batches, fan_out, queue
from webapp.core.jobs.fan_out import FanOut
from webapp.core.time import clock


def the_fan_out(subject_id=None, *kinds):
    """Return the id of the only fan-out, of this subject and these kinds if given."""
    query = sa.select(FanOut.id)
    if subject_id is not None:
        query = query.where(FanOut.subject_id == subject_id)
    if kinds:
        query = query.where(FanOut.kind.in_(kinds))
    return db.session.scalars(query).one()


def running():
    """Count the fan-outs that haven't finished."""
    return db.session.scalar(sa.select(sa.func.count(FanOut.id)).where(FanOut.ended_at.is_(None)))


def run_fan_outs():
    """Run all due fan-outs to their end, and commit."""
    db.session.commit()
    for fan_out_id in fan_out.due(clock.now() + timedelta(days=1)):
        while fan_out.step(fan_out_id):
            db.session.commit()
    db.session.commit()


def kill_and_resume(app, fan_out_id):
    """Kill the worker within the second batch, and let the next one finish the rest."""
    fan_out.step(fan_out_id)
    db.session.commit()
    fan_out.step(fan_out_id)
    db.session.rollback()  # the worker is killed

    with time_machine.travel(clock.now() + 2 * batches.STALLED_AFTER):
        queue.JOBS["fan_out.sweep"]()
        db.session.rollback()
        queue.drain(app, raising=True)
