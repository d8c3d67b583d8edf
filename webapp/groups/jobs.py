"""What the clock does for groups."""

from ..core.extensions import db
from ..core.queue import every, job
from . import groups

every(24 * 60 * 60, "groups.purge")


@job("groups.purge")
def purge() -> None:
    """Groups that were put away more than 30 days ago are gone for good."""
    groups.purge()
    db.session.commit()
