"""What the ballots decide: counted anew while they come, and once for good at closing."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from ..core.extensions import db
from . import rules, tally
from .models import Ballot, Vote
from .tally import Outcome

Mark = tuple[int, datetime | None] | None


def outcome_of(vote: Vote) -> Outcome:
    """What the ballots that are in decide; the caller has asked `access.can_see_results`. Once settled, nothing is counted."""
    if vote.finding is not None:
        return Outcome.from_json(vote.finding)
    return tally.count(profile_of(vote.id), rules.of(vote))


def settle(vote: Vote) -> Outcome:
    """The outcome stays with the vote from now on. The caller holds its lock, and no ballot is taken any more."""
    outcome = tally.count(profile_of(vote.id), rules.of(vote))
    vote.finding = outcome.as_json()
    return outcome


def profile_of(vote_id: UUID) -> list[tuple[str, int]]:
    """Every choice that was made, with how many ballots say so: one statement, however many ballots there are."""
    profile = sa.select(Ballot.choice, sa.func.count()).where(Ballot.vote_id == vote_id).group_by(Ballot.choice)
    return [(choice, times) for choice, times in db.session.execute(profile)]


def mark_of(vote: Vote) -> Mark:
    """What is another after every ballot, for they come one after the other, under the vote's lock; None once settled."""
    if vote.finding is not None:
        return None
    ballots = sa.select(sa.func.count(), sa.func.max(Ballot.changed_at)).where(Ballot.vote_id == vote.id)
    count, newest = db.session.execute(ballots).one()
    return count, newest
