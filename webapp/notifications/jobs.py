"""What the clock does for inboxes."""

from ..core import clock
from ..core.extensions import db
from ..core.queue import every, job
from . import inbox


@job("notifications.forget")
def forget() -> None:
    """Lines older than 90 days are gone."""
    inbox.forget(clock.now())
    db.session.commit()


every(86400, "notifications.forget")
