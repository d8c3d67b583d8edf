"""What the ballots decide: counted anew while they come, and once for good at closing."""

from datetime import datetime
from functools import lru_cache
from uuid import UUID

import sqlalchemy as sa

from ..core.extensions import db
from . import rules, tally
from .models import FEWEST, Ballot, SecretBallot, Vote
from .tally import Outcome, Rules

#: From so many ballots on, many who look at once share a count for as long as no ballot comes or changes.
MANY = 500
Mark = tuple[int, datetime | None]


def outcome_of(vote: Vote) -> Outcome:
    """What the ballots that are in decide; the caller has asked `access.can_see_results`. Once settled, nothing is counted."""
    if vote.finding is not None:
        return Outcome.from_json(vote.finding)
    if vote.ballot_count < MANY:
        return tally.count(profile_of(vote), rules.of(vote))
    return _shared(vote.id, _mark(vote.id), rules.of(vote))


def settle(vote: Vote) -> Outcome:
    """The outcome stays with the vote from now on: of few secret ballots its sums. The caller holds its lock, and no ballot is
    taken any more."""
    outcome = tally.count(profile_of(vote), rules.of(vote))
    if vote.is_secret and outcome.cast < FEWEST:
        outcome = outcome.sums
    vote.finding = outcome.as_json()
    return outcome


def profile_of(vote: Vote) -> list[tuple[str, int]]:
    """Every choice that was made, with how many ballots say so: one statement, however many ballots there are."""
    return _profile(SecretBallot if vote.is_secret else Ballot, vote.id)


def _profile(model: type[Ballot] | type[SecretBallot], vote_id: UUID) -> list[tuple[str, int]]:
    profile = sa.select(model.choice, sa.func.count()).where(model.vote_id == vote_id).group_by(model.choice)
    return [(choice, times) for choice, times in db.session.execute(profile)]


def _mark(vote_id: UUID) -> Mark:
    """What is another after every ballot: casting and changing are one after the other, under the vote's lock."""
    ballots = sa.select(sa.func.count(), sa.func.max(Ballot.changed_at)).where(Ballot.vote_id == vote_id)
    count, newest = db.session.execute(ballots).one()
    return count, newest


@lru_cache(maxsize=32)
def _shared(vote_id: UUID, mark: Mark, its: Rules) -> Outcome:
    return tally.count(_profile(Ballot, vote_id), its)
