"""Work about many rows that is done a slice at a time, each slice in a transaction with the place
that it has come to.

What is to be done is in a table. A worker that dies leaves the row where it was, and the next
one goes on from there.
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

#: So many people are told in one transaction.
BATCH_SIZE = 200
#: What has been at work for so long has lost its job, or is a long one: asking again does no harm.
STALLED_AFTER = timedelta(seconds=30)
#: Seconds that one job does slices.
LONGEST = 60


def run_batches(step: Callable[[UUID], bool], row_id: str) -> None:
    """Do the row's slices, each in a transaction of its own; two workers at once take turns.

    Stops after LONGEST, sooner than the queue would end the job: the sweep asks for the rest.
    """
    until = time.monotonic() + LONGEST
    more = True
    while more:
        more = step(UUID(row_id)) and time.monotonic() < until
        db.session.commit()


def enqueue_each(job: str, row_ids: Iterable[UUID]) -> None:
    """The job is asked for each of the rows, once while it waits; committed."""
    for row_id in row_ids:
        enqueue(job, str(row_id), job_id=f"{job}-{row_id}")
    db.session.commit()


def for_each(job: str, ones: Iterable[One], act: Callable[[One], Any]) -> list[One]:
    """Do `act` for each of them, in a transaction of its own.

    Return those that failed: each is logged and holds no other up.
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
