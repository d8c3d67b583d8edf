"""Background jobs by name: run soon, or on a schedule.

A queued job is only a wake-up, and may be lost with the queue. What must not be lost is in a table,
and a scheduled job finds what was forgotten there.
"""

import time
from collections.abc import Callable
from typing import Any

import structlog
from flask import Flask, current_app

from ..db.after_commit import after_commit
from .memory_queue import MemoryQueue
from .queue_status import QueueState, QueueStatus
from .redis_queue import RedisQueue

log = structlog.get_logger(__name__)

JOBS: dict[str, Callable[..., None]] = {}
#: Job name -> seconds after which RQ kills it, if it may take longer than others
LONGER: dict[str, int] = {}
#: Job name -> seconds between two runs
SCHEDULES: dict[str, int] = {}


def init_app(app: Flask) -> None:
    """Use Redis if configured; otherwise jobs wait in this process for the housekeeping thread."""
    url = app.config["REDIS_URL"]
    app.extensions["queue"] = (
        RedisQueue(url, app.extensions["circuit_breaker"]) if url else MemoryQueue()
    )


def job(
    name: str, longest: int | None = None
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register the function as the job `name`.

    Its arguments are strings and numbers; it commits itself. `longest` raises the time limit, in
    seconds, for a job that renews its own lease while it works.
    """

    def register(function: Callable[..., None]) -> Callable[..., None]:
        JOBS[name] = function
        if longest is not None:
            LONGER[name] = longest
        return function

    return register


def every(seconds: int, name: str) -> None:
    """Run the job every `seconds`, once across all machines."""
    SCHEDULES[name] = seconds


def enqueue(name: str, *args: Any, job_id: str | None = None) -> None:
    """Run the job soon after the current transaction commits.

    With a `job_id`, once while it waits.
    """
    after_commit(_send, name, args, job_id)


def _send(name: str, args: tuple[Any, ...], job_id: str | None) -> None:
    current_app.extensions["queue"].put(name, args, job_id, longest=LONGER.get(name, 0))


def tick(app: Flask, last: dict[str, int]) -> None:
    """Record that the clock runs; enqueue every schedule that is due since `last`, and update
    `last`.

    All clocks give the same tick the same id, so the queue takes it once. A tick that wasn't taken
    is tried again.
    """
    waiting, now = app.extensions["queue"], int(time.time())
    waiting.note_tick()
    for name, seconds in SCHEDULES.items():
        number = now // seconds
        if last.get(name) != number and waiting.put(
            name, (), f"{name}-{number}", seconds, LONGER.get(name, 0)
        ):
            last[name] = number


def perform(name: str, *args: Any) -> None:
    """Run a job. RQ's workers call this."""
    _run(current_app._get_current_object(), name, args)  # type: ignore[attr-defined]


def state(app: Flask) -> QueueState:
    """Return the queue's numbers.

    Raises RedisError if the queue is in Redis and Redis doesn't respond.
    """
    found: QueueState = app.extensions["queue"].state(SCHEDULES)
    return found


def workload(app: Flask) -> QueueStatus:
    """Return the status of the queue and of each schedule.

    Raises QueueUnavailable if the queue is in Redis and Redis doesn't respond.
    """
    found: QueueStatus = app.extensions["queue"].workload(SCHEDULES)
    return found


def drain(app: Flask, raising: bool = False) -> int:
    """Run every job that waits in this process, and those that they enqueue; return how many.

    A failed job is logged and the next one runs, unless `raising`.
    """
    done, waiting = 0, app.extensions["queue"]
    while (call := waiting.take()) is not None:
        done += 1
        try:
            _run(app, *call)
        except Exception as error:
            waiting.note_end(call, error)
            if raising:
                raise
            log.exception("job_failed", job=call[0])
        else:
            waiting.note_end(call)
    return done


def _run(app: Flask, name: str, args: tuple[Any, ...]) -> None:
    """Run a job in its own application context, and so with its own database session."""
    with app.app_context():
        JOBS[name](*args)
