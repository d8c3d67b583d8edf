"""The clock opens and closes votes; each in its own transaction, so that one that fails holds no other up."""

from collections.abc import Callable
from uuid import UUID

import structlog

from ..core import queue
from ..core.extensions import db
from . import opening

log = structlog.get_logger(__name__)
EVERY = 15


@queue.job("voting.open_due")
def open_due() -> None:
    """Every vote whose time has come is open."""
    _each(opening.due_to_open(), opening.open_now)


@queue.job("voting.close_due")
def close_due() -> None:
    """Every vote whose time is over is closed and its result told."""
    _each(opening.due_to_close(), opening.close)


queue.every(EVERY, "voting.open_due")
queue.every(EVERY, "voting.close_due")


def _each(ids: list[UUID], act: Callable[[UUID], bool]) -> None:
    db.session.rollback()
    for vote_id in ids:
        try:
            act(vote_id)
            db.session.commit()
        except Exception:
            db.session.rollback()
            log.exception("vote_job_failed", vote=str(vote_id), act=act.__name__)
