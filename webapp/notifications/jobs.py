"""What the clock does for inboxes: daily mails go out."""

import structlog

from ..core import clock
from ..core.extensions import db
from ..core.queue import every, job
from . import digests

log = structlog.get_logger(__name__)


@job("notifications.digest")
def digest() -> None:
    """Every daily mail that is due is in the outbox; each in its own transaction, so that one that fails holds no other up."""
    waiting = digests.due(clock.now())
    db.session.rollback()
    for it in waiting:
        try:
            digests.send(it)
            db.session.commit()
        except Exception:
            db.session.rollback()
            log.exception("digest_failed", user=str(it.user_id))


every(900, "notifications.digest")
