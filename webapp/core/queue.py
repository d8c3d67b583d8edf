"""Work that is done beside the request: jobs by name, at once or by the clock."""

from collections.abc import Callable
from typing import Any

from .after_commit import after_commit

JOBS: dict[str, Callable[..., None]] = {}
#: name -> seconds between two ticks
SCHEDULES: dict[str, int] = {}


def job(name: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The decorated function is the job `name`; its arguments are plain strings and numbers. It commits by itself."""

    def register(function: Callable[..., None]) -> Callable[..., None]:
        JOBS[name] = function
        return function

    return register


def every(seconds: int, name: str) -> None:
    """The clock asks for the job `name` every so many seconds, once across all machines."""
    SCHEDULES[name] = seconds


def enqueue(name: str, *args: Any, job_id: str | None = None) -> None:
    """The job runs soon after the current transaction has committed; with a `job_id`, once while it waits."""
    after_commit(_send, name, args, job_id)


def _send(name: str, args: tuple[Any, ...], job_id: str | None) -> None:
    """The queue takes it."""
