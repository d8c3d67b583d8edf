"""The job that sends digests."""

import structlog

from ..core.extensions import db
from ..core.jobs.queue import enqueue, every, job
from ..core.time import clock
from . import digests

log = structlog.get_logger(__name__)

#: Digests per job: a job must not exceed the queue's time limit.
MOST = 500


@job("notifications.digest")
def digest() -> None:
    """Enqueue the digests that are due, at most MOST; if there are more, queue another job."""
    waiting = digests.due(clock.now())
    db.session.rollback()
    sent = [_sent(it) for it in waiting[:MOST]]
    if len(waiting) > MOST and any(sent):
        enqueue("notifications.digest")
        db.session.commit()


def _sent(it: digests.DueDigest) -> bool:
    """Send a digest in its own transaction, so that a failure stops no other."""
    try:
        sent = digests.send(it)
        db.session.commit()
        return sent
    except Exception:
        db.session.rollback()
        log.exception("digest_failed", user=str(it.user_id))
        return False


every(900, "notifications.digest")
