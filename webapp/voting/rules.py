"""A vote's own rules, as choices are checked and ballots are counted by them."""

import sqlalchemy as sa

from ..core.extensions import db
from ..events.models import Rsvp, Visit
from .models import KINDS, MEASURES, PRESENT, Vote, Voter
from .tally import rules as pure
from .tally.rules import Rules, Threshold

# Tables and counts know nothing of each other: here their words meet.
assert (KINDS, MEASURES) == (pure.KINDS, pure.BASES)


def of(vote: Vote) -> Rules:
    """What was settled about the vote; who was there is counted where its threshold asks for it."""
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
    """How many of those on the roll were checked in at the event."""
    if vote.threshold_of != PRESENT:
        return 0
    came = sa.select(sa.func.count()).select_from(Voter).join(Rsvp, Rsvp.user_id == Voter.user_id)
    came = came.join(Visit, Visit.rsvp_id == Rsvp.id).where(
        Voter.vote_id == vote.id, Visit.event_id == vote.event_id
    )
    return db.session.scalar(came) or 0
