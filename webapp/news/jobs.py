"""Scheduled jobs of news."""

import structlog
from flask import current_app

from ..config import VERSION
from ..core.extensions import db
from ..core.jobs.queue import enqueue, every, job
from . import polling
from .fetch_errors import FetchError
from .ssrf_guard import Guard

log = structlog.get_logger(__name__)


@job(polling.JOB)
def poll() -> None:
    """Fetch some of the due feeds, each stored in its own transaction; enqueue the job again if
    more are due.
    """
    held = polling.take()
    db.session.commit()
    if not held:
        return
    for one, said in polling.fetch_all(held, guard(), agent()):
        try:
            polling.store_result(one, said)
            db.session.commit()
        except Exception:
            db.session.rollback()
            log.exception("news_broke", source=str(one.id))
            polling.store_result(
                one, FetchError("broken")
            )  # otherwise it would be retried every other minute
            db.session.commit()
    if len(held) == polling.AT_ONCE:
        enqueue(polling.JOB)
        db.session.commit()


def guard() -> Guard:
    """Return the guard for this site: public hosts, at the ports configured by the operator."""
    return Guard(ports=current_app.config["NEWS_PORTS"])


def agent() -> str:
    """Return our user agent, with the site's URL."""
    return f"Folkmoot/{VERSION} (+{current_app.config['SITE_URL']})"


every(60, polling.JOB)
