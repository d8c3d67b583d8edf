"""What is known of a secret vote: what it declared, its chain, whether it lost some of it, and
in the end its ballots.
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

#: What the audit log says of a restore.
RESTORED = "site.restored"


class Restore(NamedTuple):
    """At this moment the site went back to how it was at an earlier one: what came in between is
    gone.
    """

    at: datetime
    back_to: datetime


def restores(vote: Vote) -> list[Restore]:
    """Every time that the site was restored from a backup while the vote was open, the latest
    last.
    """
    during = AuditEntry.created_at.between(vote.opened_at, vote.closed_at or clock.now())
    query = sa.select(AuditEntry.created_at, AuditEntry.details).where(
        AuditEntry.action == RESTORED, during
    )
    found = db.session.execute(query.order_by(AuditEntry.created_at))
    return [Restore(at, datetime.fromisoformat(details["made_at"])) for at, details in found]


def marked(vote: Vote) -> int:
    """How many of the roll are marked as having voted: for who checks the count, once it is
    closed.
    """
    query = (
        sa.select(sa.func.count())
        .select_from(SecretRoll)
        .where(SecretRoll.vote_id == vote.id, SecretRoll.voted)
    )
    return db.session.scalar(query) or 0


def links(vote: Vote) -> list[ChainLink]:
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
    """Every ballot, in the order of their trackers, or those under these.

    Before closing nobody is shown them.
    """
    query = sa.select(SecretBallot.tracker, SecretBallot.choice, SecretBallot.commitment)
    query = query.where(SecretBallot.vote_id == vote.id).order_by(SecretBallot.tracker)
    if trackers:
        query = query.where(SecretBallot.tracker.in_(trackers))
    return [Paper(*row) for row in db.session.execute(query)]
