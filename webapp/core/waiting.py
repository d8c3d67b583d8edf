"""The queue of a site that is one process: jobs wait in memory for the housekeeping thread."""

import threading
import time
from collections import OrderedDict
from itertools import count
from typing import Any, NamedTuple

Arguments = tuple[Any, ...]
Call = tuple[str, Arguments]


class State(NamedTuple):
    """How many jobs wait, since how many seconds the first, and the seconds since each worker was heard of."""

    jobs: int
    oldest: float | None
    heartbeats: list[float]


class Waiting:
    """Jobs in the order in which they came; one with the id of a waiting one is that one."""

    def __init__(self) -> None:
        self.bell = threading.Event()
        self._jobs: OrderedDict[str, Call] = OrderedDict()
        self._lock = threading.Lock()
        self._numbers = count()
        self._came: dict[str, float] = {}
        self._ticked: float | None = None

    def put(self, name: str, args: Arguments, job_id: str | None = None, remembered: bool = False, longest: int = 0) -> bool:
        """True: the job waits, and the bell has rung. There is one clock: nothing need be `remembered`. No job is ended here."""
        with self._lock:
            key = job_id or f"job {next(self._numbers)}"
            self._jobs.setdefault(key, (name, args))
            self._came.setdefault(key, time.monotonic())
        self.bell.set()
        return True

    def take(self) -> Call | None:
        """The job that came first, which no longer waits; None when none does."""
        with self._lock:
            if not self._jobs:
                return None
            key, call = self._jobs.popitem(last=False)
            del self._came[key]
            return call

    def clear(self) -> None:
        """Nothing waits."""
        with self._lock:
            self._jobs.clear()
            self._came.clear()

    def note_tick(self) -> None:
        """The housekeeping thread is running: it is both the worker and the clock."""
        self._ticked = time.monotonic()

    def since_tick(self) -> float | None:
        """Seconds since it was last heard of."""
        return None if self._ticked is None else round(time.monotonic() - self._ticked, 1)

    def state(self) -> State:
        """How many jobs wait, for how long, and whether somebody works on them."""
        with self._lock:
            first = min(self._came.values(), default=None)
            ticked = self.since_tick()
            oldest = None if first is None else round(time.monotonic() - first, 1)
            return State(len(self._jobs), oldest, [] if ticked is None else [ticked])

    def __len__(self) -> int:
        return len(self._jobs)
