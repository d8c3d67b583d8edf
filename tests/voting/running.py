"""What the jobs do with votes, for tests."""

from webapp.core.extensions import db
from webapp.voting.models import Vote
from webapp.voting.planning import lifecycle

from . import making


def close(vote):
    """The vote closes; the clock stands at its end already."""
    lifecycle.close(vote.id)
    db.session.commit()


def closed(group, by, voter, at):
    """A vote of `by`'s that `voter` took part in, and that has just closed."""
    vote = making.vote(group, by)
    making.cast(vote, voter, 2)
    at(vote.closes_at)
    close(vote)
    return db.session.get_one(Vote, vote.id, populate_existing=True)
