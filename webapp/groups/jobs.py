"""What the clock does for groups."""

from ..core.extensions import db
from ..core.queue import every, job
from . import groups, ownership

every(24 * 60 * 60, "groups.purge")


@job("groups.purge")
def purge() -> None:
    """Groups that were put away more than 30 days ago are gone for good."""
    groups.purge()
    db.session.commit()


every(60 * 60, "groups.expire_offers")


@job("groups.expire_offers")
def expire_offers() -> None:
    """Offers of ownership that nobody answered in time are over."""
    ownership.expire()
    db.session.commit()
