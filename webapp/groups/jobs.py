"""What the clock does for groups."""

from ..core.extensions import db
from ..core.queue import every, job
from . import ownership

every(60 * 60, "groups.expire_offers")


@job("groups.expire_offers")
def expire_offers() -> None:
    """Offers of ownership that nobody answered in time are over."""
    ownership.expire()
    db.session.commit()
