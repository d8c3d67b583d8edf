"""What the jobs do with votes, for tests."""

from datetime import timedelta

from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.voting import errands
from webapp.voting.planning import lifecycle


def run_errands():
    """All errands have been run to their end, and that is committed."""
    db.session.commit()
    for errand_id in errands.due(clock.now() + timedelta(days=1)):
        while errands.step(errand_id):
            db.session.commit()
    db.session.commit()


def close(vote):
    """The vote closes; the clock stands at its end already."""
    lifecycle.close(vote.id)
    db.session.commit()
