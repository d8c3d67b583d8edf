"""The clock opens and closes votes; each in its own transaction, so that one that fails holds no other up."""

from collections.abc import Callable
from uuid import UUID

import structlog

from ..core import clock, queue, slices
from ..core.database import locked
from ..core.extensions import db
from . import errands, opening, reminding, rolls, statements
from . import works as works
from .models import Vote

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


@queue.job("voting.follow_rolls")
def follow_rolls() -> None:
    """Rolls that are frozen at closing hold those whom their votes are for."""
    _each(rolls.followed(), _follow)


def _follow(vote_id: UUID) -> bool:
    vote = locked(Vote, vote_id)
    if not vote.is_open or vote.opened_at is None:
        return False
    rolls.follow(vote)
    return True


@queue.job(errands.JOB)
def run_errand(errand_id: str) -> None:
    """Everyone whom the errand concerns has had their part of it, a slice at a time, each slice once."""
    slices.work_off(errands.step, errand_id)


@queue.job("voting.sweep")
def sweep() -> None:
    """Errands that were left behind go on."""
    slices.wake(errands.JOB, errands.due(clock.now()))


@queue.job("voting.remind")
def remind() -> None:
    """The reminders that are due are on their way, each once."""
    for it in reminding.due(clock.now()):
        reminding.make(it)
        db.session.commit()


@queue.job("voting.remind_reviews")
def remind_reviews() -> None:
    """Whoever runs a vote looks again at its outcome on the day that they named, once."""
    _each(statements.to_review(clock.now()), statements.remind)


queue.every(EVERY, "voting.open_due")
queue.every(EVERY, "voting.close_due")
queue.every(60, "voting.follow_rolls")
queue.every(30, "voting.sweep")
queue.every(60, "voting.remind")
queue.every(600, "voting.remind_reviews")


def _each(ids: list[UUID], act: Callable[[UUID], bool]) -> None:
    db.session.rollback()
    for vote_id in ids:
        try:
            act(vote_id)
            db.session.commit()
        except Exception:
            db.session.rollback()
            log.exception("vote_job_failed", vote=str(vote_id), act=act.__name__)
