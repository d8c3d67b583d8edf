"""How a queue stands, as both queues tell it: who works, what waits, what failed and why.

Never with what a job was given.
"""

import traceback
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

#: The names of people and their words may stand in what an error says; its kind and its place are
#: ours.
_OURS = Path(__file__).resolve().parent.parent


class Away(Exception):
    """The queue is in Redis, and Redis does not answer."""


class Worker(NamedTuple):
    """Somebody who does jobs: seconds since they were heard of, the job at hand, and how many
    went well and wrong.
    """

    heard: float
    doing: str
    done: int
    failed: int


class Failed(NamedTuple):
    """A job that failed for good: `reason` is a kind of error and a place.

    `returns`: its schedule asks for it again.
    """

    id: str
    name: str
    at: datetime
    reason: str
    returns: bool


class Schedule(NamedTuple):
    """What the clock asks for every so many seconds.

    Its newest turn is "waiting", "running", "done" or "failed"; else "".
    """

    name: str
    seconds: int
    turn: str


class State(NamedTuple):
    """A queue in numbers: jobs that wait, and seconds of the first; seconds since each worker was
    heard of; how many work.

    `failed` are jobs that nobody asks for again by themselves, `failing` the schedules whose newest
    turn failed.
    """

    jobs: int
    oldest: float | None
    heartbeats: list[float]
    working: int
    failed: int
    failing: int


class Workload(NamedTuple):
    """A queue at a moment.

    `waiting`: name -> how many, of the first `looked_at` of all `jobs`; `oldest`: seconds.
    """

    jobs: int
    looked_at: int
    waiting: dict[str, int]
    oldest: float | None
    workers: list[Worker]
    failed: list[Failed]
    schedules: list[Schedule]


def reason(error: BaseException) -> str:
    """The kind of an error, and where in our code it came up."""
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename.startswith(f"{_OURS}/")
    ]
    place = (
        f" ({Path(frames[-1].filename).relative_to(_OURS.parent)}:{frames[-1].lineno})"
        if frames
        else ""
    )
    return f"{type(error).__name__}{place}"
