"""Run the jobs of votes in tests."""

from webapp.core.extensions import db
from webapp.voting.models import Vote
from webapp.voting.planning import lifecycle

from . import making


def close(vote):
    """Close the vote; the clock must already be at its end."""
    lifecycle.close(vote.id)
    db.session.commit()


def closed(group, by, voter, at):
    """Return a vote of `by` in which `voter` took part, and which has just closed."""
    vote = making.vote(group, by)
    making.cast(vote, voter, 2)
    at(vote.closes_at)
    close(vote)
    return db.session.get_one(Vote, vote.id, populate_existing=True)
