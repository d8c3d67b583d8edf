"""What the ballots decide: counted anew while they come, and once for good at closing."""

from datetime import datetime

import sqlalchemy as sa

from ..core.extensions import db
from . import rules, tally
from .models import FEWEST, FEWEST_TOLD, Ballot, SecretBallot, Vote
from .tally import Outcome

Mark = tuple[int, datetime | None] | None


def outcome_of(vote: Vote) -> Outcome:
    """What the ballots that are in decide; the caller has asked `access.can_see_results`.

    Once settled, nothing is counted.
    """
    if vote.finding is not None:
        return Outcome.from_json(vote.finding)
    return tally.count(profile_of(vote), rules.of(vote))


def settle(vote: Vote) -> Outcome:
    """The outcome stays with the vote from now on: of few secret ballots who won and no figure, of
    fewer nothing. The caller holds its lock, no ballot is taken any more, and its lot is
    settled."""
    outcome = tally.count(profile_of(vote), rules.of(vote))
    if vote.is_secret and outcome.cast < FEWEST_TOLD:
        outcome = outcome.withheld
    elif vote.is_secret and outcome.cast < FEWEST:
        outcome = outcome.without_figures
    vote.finding = outcome.as_json()
    return outcome


def profile_of(vote: Vote) -> list[tuple[str, int]]:
    """Every choice that was made, with how many ballots say so: one statement, however many
    ballots there are.
    """
    model: type[Ballot] | type[SecretBallot] = SecretBallot if vote.is_secret else Ballot
    profile = (
        sa.select(model.choice, sa.func.count())
        .where(model.vote_id == vote.id)
        .group_by(model.choice)
    )
    return [(choice, times) for choice, times in db.session.execute(profile)]


def mark_of(vote: Vote) -> Mark:
    """What is another after every ballot, for they come one after the other, under the vote's
    lock; None once settled.
    """
    if vote.finding is not None:
        return None
    ballots = sa.select(sa.func.count(), sa.func.max(Ballot.changed_at)).where(
        Ballot.vote_id == vote.id
    )
    count, newest = db.session.execute(ballots).one()
    return count, newest
