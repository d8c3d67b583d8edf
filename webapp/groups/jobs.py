"""Scheduled jobs of groups."""

from ..core.extensions import db
from ..core.jobs.queue import every, job
from . import memberships, ownership

every(60 * 60, "groups.expire_offers")
every(5 * 60, "groups.end_bans")


@job("groups.expire_offers")
def expire_offers() -> None:
    """Delete ownership offers that nobody answered in time."""
    ownership.expire()
    db.session.commit()


@job("groups.end_bans")
def end_bans() -> None:
    """Lift bans whose last day has passed."""
    memberships.end_bans()
    db.session.commit()
