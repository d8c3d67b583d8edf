"""Those whose 14 days are over are erased."""

import structlog

from ...accounts import leaving
from ...core import queue
from ...core.extensions import db
from .. import deletions

log = structlog.get_logger(__name__)

queue.every(60 * 60, "privacy.erase")


@queue.job("privacy.erase")
def erase() -> None:
    """Those whose 14 days are over are erased, each in a transaction of its own: one that fails
    holds no other up.
    """
    waiting = [user.id for user in leaving.due()]
    db.session.rollback()
    for user_id in waiting:
        try:
            done = deletions.carry_out(user_id)
            db.session.commit()
            log.info("account_erased" if done else "account_kept", user=str(user_id))
        except Exception:
            db.session.rollback()
            log.exception("erasing_failed", user=str(user_id))
