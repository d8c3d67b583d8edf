"""Work that is done beside the request: jobs by name, at once or by the clock.

A queued job is a wake-up and may be lost with the queue. What must not be lost is in a table,
and a scheduled job looks for what was forgotten there.
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
#: name -> seconds after which RQ ends the job, where it may take longer than others
LONGER: dict[str, int] = {}
#: name -> seconds between two ticks
SCHEDULES: dict[str, int] = {}


def init_app(app: Flask) -> None:
    """Jobs go to Redis where there is one, else they wait in this process for the housekeeping
    thread.
    """
    url = app.config["REDIS_URL"]
    app.extensions["queue"] = (
        RedisQueue(url, app.extensions["circuit_breaker"]) if url else MemoryQueue()
    )


def job(
    name: str, longest: int | None = None
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The decorated function is the job `name`; its arguments are plain strings and numbers. It
    commits by itself.

    With `longest` it may take so many seconds: for a job that renews a lease of its own while it
    works.
    """

    def register(function: Callable[..., None]) -> Callable[..., None]:
        JOBS[name] = function
        if longest is not None:
            LONGER[name] = longest
        return function

    return register


def every(seconds: int, name: str) -> None:
    """The clock asks for the job `name` every so many seconds, once across all machines."""
    SCHEDULES[name] = seconds


def enqueue(name: str, *args: Any, job_id: str | None = None) -> None:
    """The job runs soon after the current transaction has committed; with a `job_id`, once while
    it waits.
    """
    after_commit(_send, name, args, job_id)


def _send(name: str, args: tuple[Any, ...], job_id: str | None) -> None:
    current_app.extensions["queue"].put(name, args, job_id, longest=LONGER.get(name, 0))


def tick(app: Flask, last: dict[str, int]) -> None:
    """The clock has shown that it runs, and asked for every schedule whose time has come since
    `last`, which is kept up to date.

    All clocks name the same tick alike, so that the queue takes it once. What it did not take is
    asked for again.
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
    """The job has run: what RQ's workers call."""
    _run(current_app._get_current_object(), name, args)  # type: ignore[attr-defined]


def state(app: Flask) -> QueueState:
    """How the queue stands, in numbers.

    Raises RedisError where it is in Redis, and Redis does not answer.
    """
    found: QueueState = app.extensions["queue"].state(SCHEDULES)
    return found


def workload(app: Flask) -> QueueStatus:
    """How the queue stands, and each schedule.

    Raises QueueUnavailable where that is known to Redis, and Redis does not answer.
    """
    found: QueueStatus = app.extensions["queue"].workload(SCHEDULES)
    return found


def drain(app: Flask, raising: bool = False) -> int:
    """Every job that waits in this process has run, those that they asked for too; returns how
    many.

    A job that fails is logged and the next one runs, unless `raising`.
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
    """The job has its own application context, and so its own database session."""
    with app.app_context():
        JOBS[name](*args)
