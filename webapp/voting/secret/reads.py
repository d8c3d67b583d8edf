"""What is known of a secret vote: what it declared, its chain, and in the end its ballots."""

from typing import Any

import sqlalchemy as sa

from ...core.extensions import db
from ..models import SecretBallot, SecretRoll, Vote
from . import links as kept
from .chain import Link
from .papers import Paper


def marked(vote: Vote) -> int:
    """How many of the roll are marked as having voted: for who checks the count, once it is closed."""
    wanted = sa.select(sa.func.count()).select_from(SecretRoll).where(SecretRoll.vote_id == vote.id, SecretRoll.voted)
    return db.session.scalar(wanted) or 0


def links(vote: Vote) -> list[Link]:
    """The chain so far."""
    return kept.all_of(vote)


def head(vote: Vote) -> str:
    """The hash of the chain's last link; nothing where the vote has not opened."""
    link = kept.last(vote)
    return link.hash if link is not None else ""


def opening_of(vote: Vote) -> dict[str, Any]:
    """What the vote declared when it opened; empty before."""
    return dict(vote.opening or {})


def papers(vote: Vote, *trackers: str) -> list[Paper]:
    """Every ballot, in the order of their trackers, or those under these. Before closing nobody is shown them."""
    wanted = sa.select(SecretBallot.tracker, SecretBallot.choice, SecretBallot.commitment)
    wanted = wanted.where(SecretBallot.vote_id == vote.id).order_by(SecretBallot.tracker)
    if trackers:
        wanted = wanted.where(SecretBallot.tracker.in_(trackers))
    return [Paper(*row) for row in db.session.execute(wanted)]
