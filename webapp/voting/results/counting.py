"""A vote's rules and result: counted while ballots come in, and finally at closing. The secret of
its lot is drawn at opening and published after closing, when all ballots fix the seed.
"""

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from ...attendance.models import Attendance
from ...core.extensions import db
from ...events.models import Rsvp
from .. import tally
from ..models import FEWEST, FEWEST_TOLD, Ballot, SecretBallot, Vote, Voter, left_without_voting
from ..secret import chain_store
from ..tally import Outcome, lot
from ..tally.rules import KINDS, PRESENT, Rules, Threshold
from .decisive import unnamed_ties


def rules_of(vote: Vote) -> Rules:
    """Return the vote's settings as rules. Attendance is counted only if the threshold uses it."""
    return Rules(
        kind=vote.kind,
        options=len(vote.options),
        seed=vote.seed or "",
        seats=vote.seats,
        least=vote.choices_min,
        most=vote.choices_max,
        score_max=vote.score_max,
        budget=vote.budget,
        per_option=vote.per_option,
        spend_all=vote.spend_all,
        blocks=vote.blocks,
        starts=tuple(
            int(option.starts_at.timestamp())
            for option in vote.options
            if option.starts_at is not None
        ),
        roll=vote.roll_count,
        present=_present(vote),
        left=vote.left_count,
        quorum=vote.quorum,
        threshold=_threshold(vote),
    )


def _threshold(vote: Vote) -> Threshold | None:
    if vote.threshold_of is None:
        return None
    return Threshold(
        vote.threshold_of, vote.threshold_part, vote.threshold_whole, vote.threshold_strict
    )


def _present(vote: Vote) -> int:
    """Return how many people who can vote were checked in at the event."""
    if vote.threshold_of != PRESENT:
        return 0
    came = sa.select(sa.func.count()).select_from(Voter).join(Rsvp, Rsvp.user_id == Voter.user_id)
    came = came.join(Attendance, Attendance.rsvp_id == Rsvp.id).where(
        Voter.vote_id == vote.id, Attendance.event_id == vote.event_id, ~left_without_voting()
    )
    return db.session.scalar(came) or 0


Mark = tuple[int, datetime | None] | None


def outcome_of(vote: Vote) -> Outcome:
    """Return the result of the ballots so far. The caller must check `access.can_see_results`.
    Once the vote is closed the stored result is returned.
    """
    if vote.finding is not None:
        return Outcome.from_json(vote.finding)
    return tally.count(profile_of(vote), rules_of(vote))


def store_outcome(vote: Vote) -> Outcome:
    """Store the final result. With few secret ballots it has winners and what broke ties, but no
    figures; with fewer, nothing. The caller must hold the lock, have closed the vote, and have set
    the seed and who left.
    """
    outcome = tally.count(profile_of(vote), rules_of(vote))
    if vote.is_secret and outcome.cast < FEWEST_TOLD:
        outcome = outcome.withheld
    elif vote.is_secret and outcome.cast < FEWEST:
        outcome = replace(outcome.without_figures, ties=unnamed_ties(outcome))
    if vote.is_few:
        vote.left_count = 0  # a figure, too
    vote.finding = outcome.as_json()
    return outcome


def profile_of(vote: Vote) -> list[tuple[str, int]]:
    """Return every choice with its number of ballots. One statement, however many ballots there
    are.
    """
    model: type[Ballot] | type[SecretBallot] = SecretBallot if vote.is_secret else Ballot
    profile = (
        sa.select(model.choice, sa.func.count())
        .where(model.vote_id == vote.id)
        .group_by(model.choice)
    )
    return [(choice, times) for choice, times in db.session.execute(profile)]


def mark_of(vote: Vote) -> Mark:
    """Return a value that changes with every ballot, as they are cast one by one under the vote's
    lock; None once the result is stored.
    """
    if vote.finding is not None:
        return None
    ballots = sa.select(sa.func.count(), sa.func.max(Ballot.changed_at)).where(
        Ballot.vote_id == vote.id
    )
    count, newest = db.session.execute(ballots).one()
    return count, newest


class Lot(NamedTuple):
    """What is published about a lot. `commitment` None: the seed was published at opening, as
    earlier releases did. `secret`, `root`: published once the vote is counted. `holds`: commitment
    and seed, computed again from them, are those published.
    """

    commitment: str | None
    seed: str | None
    secret: str | None = None
    root: str | None = None
    holds: bool = True


def draw_lot(vote: Vote) -> None:
    """Draw a new secret and publish its commitment. The caller must hold the vote's lock, and no
    ballot may be in.
    """
    secret = lot.new_secret()
    vote.lot_secret, vote.lot_commitment, vote.seed = secret, lot.commitment_of(secret), None


def reveal_seed(vote: Vote) -> None:
    """Derive the seed from the secret and the ballots, unless it was published at opening. The
    caller must hold the lock, have closed the vote and, if it's secret, have written the last link.
    """
    if vote.lot_secret is not None:
        vote.seed = lot.seed_of(vote.lot_secret, _root(vote))


def lot_of(vote: Vote) -> Lot | None:
    """Return what is public about the lot now. None if there is none, or with few secret ballots,
    which nobody can recount.
    """
    if vote.opened_at is None or not KINDS[vote.kind].draws_lots or vote.is_few:
        return None
    if vote.lot_commitment is None or vote.lot_secret is None or not vote.is_counted:
        return Lot(vote.lot_commitment, vote.seed)
    root = _root(vote)
    is_same = lot.commitment_of(vote.lot_secret) == vote.lot_commitment
    holds = is_same and lot.seed_of(vote.lot_secret, root) == vote.seed
    return Lot(vote.lot_commitment, vote.seed, vote.lot_secret, root, holds)


def _root(vote: Vote) -> str:
    """The sha256 of the published ballots. A secret vote has it in its last link."""
    if not vote.is_secret:
        return lot.root_of(profile_of(vote))
    link = chain_store.last(vote)
    assert link is not None, "a vote that opened has a first link"
    return link.root
