"""What the clock does for inboxes: daily mails go out, old lines go away."""

import structlog

from ..core import clock
from ..core.extensions import db
from ..core.queue import enqueue, every, job
from . import digests, inbox

log = structlog.get_logger(__name__)

#: How many daily mails one job makes: no job may take longer than the queue allows.
MOST = 500


@job("notifications.forget")
def forget() -> None:
    """Lines older than 90 days are gone, and the daily mails that spoke of them."""
    now = clock.now()
    inbox.forget(now)
    digests.forget(now, inbox.KEPT)
    db.session.commit()


@job("notifications.digest")
def digest() -> None:
    """The daily mails that are due are in the outbox, MOST of them at a time; where there are more, the job comes again."""
    waiting = digests.due(clock.now())
    db.session.rollback()
    sent = [_sent(it) for it in waiting[:MOST]]
    if len(waiting) > MOST and any(sent):
        enqueue("notifications.digest")
        db.session.commit()


def _sent(it: digests.Due) -> bool:
    """In a transaction of its own: one that fails holds no other up."""
    try:
        sent = digests.send(it)
        db.session.commit()
        return sent
    except Exception:
        db.session.rollback()
        log.exception("digest_failed", user=str(it.user_id))
        return False


every(86400, "notifications.forget")
every(900, "notifications.digest")
