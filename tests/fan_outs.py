"""What the job does with fan-outs, for tests."""

from datetime import timedelta

import sqlalchemy as sa

from webapp.core.extensions import db
from webapp.core.jobs import fan_out
from webapp.core.jobs.fan_out import FanOut
from webapp.core.time import clock


def the_fan_out(subject_id=None, *kinds):
    """The id of the only fan-out: about this row and of these kinds, where they are said."""
    wanted = sa.select(FanOut.id)
    if subject_id is not None:
        wanted = wanted.where(FanOut.subject_id == subject_id)
    if kinds:
        wanted = wanted.where(FanOut.kind.in_(kinds))
    return db.session.scalars(wanted).one()


def running():
    """How many have not come to their end."""
    return db.session.scalar(sa.select(sa.func.count(FanOut.id)).where(FanOut.ended_at.is_(None)))


def run_fan_outs():
    """All whose time has come have been run to their end, and that is committed."""
    db.session.commit()
    for fan_out_id in fan_out.due(clock.now() + timedelta(days=1)):
        while fan_out.step(fan_out_id):
            db.session.commit()
    db.session.commit()
