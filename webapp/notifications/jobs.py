"""What the clock does for inboxes: digests go out."""

import structlog

from ..core.extensions import db
from ..core.jobs.queue import enqueue, every, job
from ..core.time import clock
from . import digests

log = structlog.get_logger(__name__)

#: How many digests one job makes: no job may take longer than the queue allows.
MOST = 500


@job("notifications.digest")
def digest() -> None:
    """The digests that are due are in the outbox, MOST of them at a time; where there are
    more, the job comes again.
    """
    waiting = digests.due(clock.now())
    db.session.rollback()
    sent = [_sent(it) for it in waiting[:MOST]]
    if len(waiting) > MOST and any(sent):
        enqueue("notifications.digest")
        db.session.commit()


def _sent(it: digests.DueDigest) -> bool:
    """In a transaction of its own: one that fails holds no other up."""
    try:
        sent = digests.send(it)
        db.session.commit()
        return sent
    except Exception:
        db.session.rollback()
        log.exception("digest_failed", user=str(it.user_id))
        return False


every(900, "notifications.digest")
