"""Scheduled jobs for the site as a whole."""

import structlog

from ..core.db import site_flags
from ..core.extensions import db
from ..core.jobs.queue import every, job
from .retention import purge

log = structlog.get_logger(__name__)


@job("ops.purge")
def purge_all() -> None:
    """Delete what has expired by the retention table, rule by rule."""
    for line, number in purge.lines():
        db.session.commit()
        if number:
            log.info("purged", line=line.key, rows=number)
    db.session.commit()


@job("ops.heartbeat")
def heartbeat() -> None:
    """Record that the clock and a worker are running."""
    site_flags.set_now(site_flags.HEARTBEAT)
    db.session.commit()


every(24 * 60 * 60, "ops.purge")
every(60, "ops.heartbeat")
