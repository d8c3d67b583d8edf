"""Reads of a secret vote: its opening, its chain, whether a restore lost ballots, and finally its
ballots.
"""

from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from ...core.extensions import db
from ...core.observability.audit import AuditEntry
from ...core.time import clock
from ..models import SecretBallot, SecretRoll, Vote
from . import chain_store as kept
from .ballots_csv import Paper
from .chain import ChainLink

#: The audit log's action for a restore.
RESTORED = "site.restored"


class Restore(NamedTuple):
    """A restore of the site to an earlier state; changes in between are lost."""

    at: datetime
    back_to: datetime


def restores(vote: Vote) -> list[Restore]:
    """Return the restores of the site from a backup while the vote was open, the latest last."""
    during = AuditEntry.created_at.between(vote.opened_at, vote.closed_at or clock.now())
    query = sa.select(AuditEntry.created_at, AuditEntry.details).where(
        AuditEntry.action == RESTORED, during
    )
    found = db.session.execute(query.order_by(AuditEntry.created_at))
    return [Restore(at, datetime.fromisoformat(details["made_at"])) for at, details in found]


def marked(vote: Vote) -> int:
    """Count the people marked on the electoral roll as having voted, for checking the count after
    closing.
    """
    query = (
        sa.select(sa.func.count())
        .select_from(SecretRoll)
        .where(SecretRoll.vote_id == vote.id, SecretRoll.voted)
    )
    return db.session.scalar(query) or 0


def links(vote: Vote) -> list[ChainLink]:
    """Return the chain so far."""
    return kept.all_of(vote)


def head(vote: Vote) -> str:
    """Return the hash of the chain's last link; "" if the vote hasn't opened."""
    link = kept.last(vote)
    return link.hash if link is not None else ""


def opening_of(vote: Vote) -> dict[str, Any]:
    """Return what the vote declared when it opened; empty before."""
    return dict(vote.opening or {})


def papers(vote: Vote, *trackers: str) -> list[Paper]:
    """Return all ballots in the order of their trackers, or those with these trackers.
    They must not be shown to anyone before closing.
    """
    query = sa.select(SecretBallot.tracker, SecretBallot.choice, SecretBallot.commitment)
    query = query.where(SecretBallot.vote_id == vote.id).order_by(SecretBallot.tracker)
    if trackers:
        query = query.where(SecretBallot.tracker.in_(trackers))
    return [Paper(*row) for row in db.session.execute(query)]
