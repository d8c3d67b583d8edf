"""What the clock asks of news."""

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
    """Some of the sources that are due have been asked, each in a transaction of its own; more
    of them wake it again.
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
            )  # lest it be asked again every other minute
            db.session.commit()
    if len(held) == polling.AT_ONCE:
        enqueue(polling.JOB)
        db.session.commit()


def guard() -> Guard:
    """Where this site goes: to public hosts, at the ports that its operator names."""
    return Guard(ports=current_app.config["NEWS_PORTS"])


def agent() -> str:
    """Who we are to a source, and where its operator finds us."""
    return f"Folkmoot/{VERSION} (+{current_app.config['SITE_URL']})"


every(60, polling.JOB)
