"""What the clock asks of the site as a whole."""

import structlog

from ..core.db import site_flags
from ..core.extensions import db
from ..core.jobs.queue import every, job
from .retention import purge

log = structlog.get_logger(__name__)
#: Set by a job that the clock asks for and a worker runs: while it is young, both are alive.
HEARTBEAT = "heartbeat"


@job("ops.purge")
def purge_all() -> None:
    """What is over by the retention table is gone, line by line."""
    for line, number in purge.lines():
        db.session.commit()
        if number:
            log.info("purged", line=line.key, rows=number)
    db.session.commit()


@job("ops.heartbeat")
def heartbeat() -> None:
    """The mark says that the clock and a worker were alive just now."""
    site_flags.set_now(HEARTBEAT)
    db.session.commit()


every(24 * 60 * 60, "ops.purge")
every(60, "ops.heartbeat")
