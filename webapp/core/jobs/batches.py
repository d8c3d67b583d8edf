"""Process many rows in batches, each in its own transaction that also records the progress.

The work is described in a table. If a worker dies, the next one continues from the last batch.
"""

import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

import structlog

from ..extensions import db
from .queue import enqueue

log = structlog.get_logger(__name__)
One = TypeVar("One")

#: People notified in one transaction.
BATCH_SIZE = 200
#: After this long a row has lost its job, or takes long. Enqueuing it again does no harm.
STALLED_AFTER = timedelta(seconds=30)
#: Seconds that one job spends on batches.
LONGEST = 60


def run_batches(step: Callable[[UUID], bool], row_id: str) -> None:
    """Run the row's batches, each in its own transaction. Two workers take turns.

    Stop after LONGEST, before the queue would kill the job; the sweep enqueues the rest.
    """
    until = time.monotonic() + LONGEST
    more = True
    while more:
        more = step(UUID(row_id)) and time.monotonic() < until
        db.session.commit()


def enqueue_each(job: str, row_ids: Iterable[UUID]) -> None:
    """Enqueue the job for each row, at most once while it waits; commit."""
    for row_id in row_ids:
        enqueue(job, str(row_id), job_id=f"{job}-{row_id}")
    db.session.commit()


def for_each(job: str, ones: Iterable[One], act: Callable[[One], Any]) -> list[One]:
    """Call `act` for each item, in its own transaction.

    Return those that failed. A failure is logged and stops no other item.
    """
    failed = []
    for one in ones:
        try:
            act(one)
            db.session.commit()
        except Exception:
            db.session.rollback()
            log.exception("one_failed", job=job, one=str(one))
            failed.append(one)
    return failed
