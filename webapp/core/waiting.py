"""The queue of a site that is one process: jobs wait in memory for the housekeeping thread."""

import threading
from collections import OrderedDict
from itertools import count
from typing import Any

Call = tuple[str, tuple[Any, ...]]


class Waiting:
    """Jobs in the order in which they came; one with the id of a waiting one is that one."""

    def __init__(self) -> None:
        self.bell = threading.Event()
        self._jobs: OrderedDict[str, Call] = OrderedDict()
        self._lock = threading.Lock()
        self._numbers = count()

    def put(self, name: str, args: tuple[Any, ...], job_id: str | None = None, remembered: bool = False) -> bool:
        """True: the job waits, and the bell has rung. There is one clock: nothing need be `remembered`."""
        with self._lock:
            self._jobs.setdefault(job_id or f"job {next(self._numbers)}", (name, args))
        self.bell.set()
        return True

    def take(self) -> Call | None:
        """The job that came first, which no longer waits; None when none does."""
        with self._lock:
            return self._jobs.popitem(last=False)[1] if self._jobs else None

    def clear(self) -> None:
        """Nothing waits."""
        with self._lock:
            self._jobs.clear()

    def __len__(self) -> int:
        return len(self._jobs)
