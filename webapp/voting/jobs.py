"""Jobs that open, close, remind and mix. Each vote has its own transaction, so one failure stops no
others.
"""

from uuid import UUID

from ..core.db import site_flags
from ..core.db.session import locked
from ..core.extensions import db
from ..core.jobs import batches, queue
from ..core.time import clock
from . import audiences as audiences
from .electorate import reminders, roll
from .models import Vote
from .planning import lifecycle
from .results import outcomes
from .secret import mixing, purge

EVERY = 15


@queue.job("voting.open_due")
def open_due() -> None:
    """Open the votes whose opening time has come."""
    batches.for_each("voting.open_due", lifecycle.due_to_open(), lifecycle.open_now)


@queue.job("voting.close_due")
def close_due() -> None:
    """Close the votes whose closing time has passed, and publish their results."""
    failed = batches.for_each("voting.close_due", lifecycle.due_to_close(), lifecycle.close)
    if purge.has_secret(failed):
        purge.failed()
    db.session.commit()


@queue.job("voting.follow_rolls")
def follow_rolls() -> None:
    """Update the electoral rolls that are frozen at closing."""
    batches.for_each("voting.follow_rolls", roll.followed(), _follow)


def _follow(vote_id: UUID) -> bool:
    vote = locked(Vote, vote_id)
    if not vote.is_open or vote.opened_at is None:
        return False
    roll.follow(vote)
    return True


@queue.job("voting.remind")
def remind() -> None:
    """Send the reminders that are due, each once."""
    batches.for_each("voting.remind", reminders.due(clock.now()), reminders.send)


@queue.job("voting.remind_reviews")
def remind_reviews() -> None:
    """Remind organizers to review outcomes on the day that they set, once."""
    batches.for_each("voting.remind_reviews", outcomes.to_review(clock.now()), outcomes.remind)


@queue.job("voting.mix")
def mix() -> None:
    """Mix the secret ballot boxes that hold enough new ballots, and remove them from
    SQLite's log.
    """
    if not _mixed():
        purge.failed()
    db.session.commit()


@queue.job("voting.clear")
def clear() -> None:
    """Remove ballots in their original order from SQLite's log, and retry failed mixes and
    closings.
    """
    has_failed = site_flags.get(purge.FAILED) is not None
    db.session.commit()
    if has_failed:
        if _mixed() and not purge.has_secret(lifecycle.due_to_close()):
            site_flags.clear(purge.FAILED)
    elif not purge.cut_log():
        purge.failed()
    db.session.commit()


def _mixed() -> bool:
    due = mixing.due()
    batches.for_each("voting.mix", due, mixing.mix_due)
    is_done = not set(due) & set(mixing.due())
    db.session.commit()
    return purge.cut_log() and is_done


queue.every(EVERY, "voting.open_due")
queue.every(EVERY, "voting.close_due")
queue.every(60, "voting.follow_rolls")
queue.every(60, "voting.remind")
queue.every(600, "voting.remind_reviews")
queue.every(mixing.EVERY, "voting.mix")
queue.every(60, "voting.clear")
