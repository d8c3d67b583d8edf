"""The queue of a site with a single process: jobs wait in memory for the housekeeping thread."""

import threading
import time
from collections import Counter, OrderedDict, deque
from itertools import count
from typing import Any

from ..time import clock
from .queue_status import FailedJob, QueueState, QueueStatus, ScheduleStatus, WorkerStatus, reason

Arguments = tuple[Any, ...]
Call = tuple[str, Arguments]
#: The number of failed jobs remembered, the latest ones.
LISTED = 100


class MemoryQueue:
    """Jobs in order of arrival. A job with the id of a waiting one is dropped."""

    def __init__(self) -> None:
        self.bell = threading.Event()
        self._jobs: OrderedDict[str, Call] = OrderedDict()
        self._lock = threading.Lock()
        self._numbers = count()
        self._came: dict[str, float] = {}
        self._ticked: float | None = None
        self._doing = ""
        self._ended: Counter[bool] = Counter()
        self._went_well: dict[str, bool] = {}
        self._failed: deque[tuple[FailedJob, Call]] = deque(maxlen=LISTED)

    def put(
        self,
        name: str,
        args: Arguments,
        job_id: str | None = None,
        remembered: int = 0,
        longest: int = 0,
    ) -> bool:
        """Add a job and ring the bell. Return True.

        `remembered` and `longest` are ignored: there is one clock, and no job is killed here.
        """
        with self._lock:
            key = job_id or f"job {next(self._numbers)}"
            self._jobs.setdefault(key, (name, args))
            self._came.setdefault(key, time.monotonic())
        self.bell.set()
        return True

    def take(self) -> Call | None:
        """Return the first job, which counts as running until `note_end`; None if there is none."""
        with self._lock:
            if not self._jobs:
                return None
            key, call = self._jobs.popitem(last=False)
            del self._came[key]
            self._doing = call[0]
            return call

    def note_end(self, call: Call, error: Exception | None = None) -> None:
        """Record the end of a job. With an error it is listed as failed."""
        name, args = call
        with self._lock:
            self._doing = ""
            self._ended[error is None] += 1
            if not args:
                self._went_well[name] = error is None
            if error is not None:
                self._remember(call, error)

    def _remember(self, call: Call, error: Exception) -> None:
        """Keep only the latest failure of a schedule."""
        name, args = call
        for pair in [pair for pair in self._failed if not args and pair[1] == call]:
            self._failed.remove(pair)
        self._failed.append(
            (FailedJob(str(next(self._numbers)), name, clock.now(), reason(error), not args), call)
        )

    def clear(self) -> None:
        """Remove all jobs and everything remembered."""
        with self._lock:
            self._jobs.clear()
            self._came.clear()
            self._failed.clear()
            self._ended.clear()
            self._went_well.clear()

    def note_tick(self) -> None:
        """Record that the housekeeping thread, both worker and clock, is running."""
        self._ticked = time.monotonic()

    def since_tick(self) -> float | None:
        """Return the seconds since the last `note_tick`, or None."""
        return None if self._ticked is None else round(time.monotonic() - self._ticked, 1)

    def state(self, schedules: dict[str, int]) -> QueueState:
        """Return how many jobs wait and for how long, whether one runs, and what failed since the
        start.
        """
        with self._lock:
            ticked = self.since_tick()
            return QueueState(
                jobs=len(self._jobs),
                oldest=self._oldest(),
                heartbeats=[] if ticked is None else [ticked],
                working=int(bool(self._doing)),
                failed=sum(not failed.returns for failed, _call in self._failed),
                failing=sum(self._went_well.get(name) is False for name in schedules),
            )

    def _oldest(self) -> float | None:
        first = min(self._came.values(), default=None)
        return None if first is None else round(time.monotonic() - first, 1)

    def workload(self, schedules: dict[str, int]) -> QueueStatus:
        """Return everything known about the queue since the process started."""
        with self._lock:
            ticked = self.since_tick()
            worker = (
                []
                if ticked is None
                else [WorkerStatus(ticked, self._doing, self._ended[True], self._ended[False])]
            )
            waiting = Counter(name for name, _args in self._jobs.values())
            return QueueStatus(
                jobs=len(self._jobs),
                looked_at=len(self._jobs),
                waiting=dict(waiting.most_common()),
                oldest=self._oldest(),
                workers=worker,
                failed=[failed for failed, _call in reversed(self._failed)],
                schedules=[
                    ScheduleStatus(name, seconds, self._turn(name, waiting))
                    for name, seconds in schedules.items()
                ],
            )

    def _turn(self, name: str, waiting: Counter[str]) -> str:
        if name == self._doing:
            return "running"
        if waiting[name]:
            return "waiting"
        went_well = self._went_well.get(name)
        return "" if went_well is None else "done" if went_well else "failed"

    def failed_name(self, job_id: str) -> str | None:
        """Return the name of the failed job with this id, or None."""
        with self._lock:
            return next(
                (failed.name for failed, _call in self._failed if failed.id == job_id), None
            )

    def retry(self, job_id: str = "") -> int:
        """Enqueue the failed job again, or all without an id; return how many."""
        calls = self._forget(job_id)
        for name, args in calls:
            self.put(name, args)
        return len(calls)

    def discard(self, job_id: str = "") -> int:
        """Forget the failed job, or all without an id; return how many."""
        return len(self._forget(job_id))

    def _forget(self, job_id: str) -> list[Call]:
        with self._lock:
            chosen = [pair for pair in self._failed if job_id in ("", pair[0].id)]
            for pair in chosen:
                self._failed.remove(pair)
            return [call for _failed, call in chosen]

    def __len__(self) -> int:
        return len(self._jobs)
