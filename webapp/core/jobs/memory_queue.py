"""The queue of a site that is one process: jobs wait in memory for the housekeeping thread."""

import threading
import time
from collections import Counter, OrderedDict, deque
from itertools import count
from typing import Any

from ..time import clock
from .queue_status import FailedJob, QueueState, QueueStatus, ScheduleStatus, WorkerStatus, reason

Arguments = tuple[Any, ...]
Call = tuple[str, Arguments]
#: So many of the jobs that failed are remembered, the latest.
LISTED = 100


class MemoryQueue:
    """Jobs in the order in which they came; one with the id of a waiting one is that one."""

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
        """True: the job waits, and the bell has rung.

        There is one clock: nothing need be `remembered`. No job is ended here.
        """
        with self._lock:
            key = job_id or f"job {next(self._numbers)}"
            self._jobs.setdefault(key, (name, args))
            self._came.setdefault(key, time.monotonic())
        self.bell.set()
        return True

    def take(self) -> Call | None:
        """The job that came first, which no longer waits and is at work until `note_end`; None
        when none waits.
        """
        with self._lock:
            if not self._jobs:
                return None
            key, call = self._jobs.popitem(last=False)
            del self._came[key]
            self._doing = call[0]
            return call

    def note_end(self, call: Call, error: Exception | None = None) -> None:
        """The job that was taken has ended; with an error it stands among those that failed."""
        name, args = call
        with self._lock:
            self._doing = ""
            self._ended[error is None] += 1
            if not args:
                self._went_well[name] = error is None
            if error is not None:
                self._remember(call, error)

    def _remember(self, call: Call, error: Exception) -> None:
        """Of a schedule the latest failure is enough."""
        name, args = call
        for pair in [pair for pair in self._failed if not args and pair[1] == call]:
            self._failed.remove(pair)
        self._failed.append(
            (FailedJob(str(next(self._numbers)), name, clock.now(), reason(error), not args), call)
        )

    def clear(self) -> None:
        """Nothing waits, and nothing is remembered."""
        with self._lock:
            self._jobs.clear()
            self._came.clear()
            self._failed.clear()
            self._ended.clear()
            self._went_well.clear()

    def note_tick(self) -> None:
        """The housekeeping thread is running: it is both the worker and the clock."""
        self._ticked = time.monotonic()

    def since_tick(self) -> float | None:
        """Seconds since it was last heard of."""
        return None if self._ticked is None else round(time.monotonic() - self._ticked, 1)

    def state(self, schedules: dict[str, int]) -> QueueState:
        """How many jobs wait, for how long, whether someone works on them, and what failed
        since the process began.
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
        """Everything that is known of the queue since the process began."""
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
        """What the failed job with this id is called; None when it is not remembered."""
        with self._lock:
            return next(
                (failed.name for failed, _call in self._failed if failed.id == job_id), None
            )

    def retry(self, job_id: str = "") -> int:
        """The failed job waits again, or without an id all of them; returns how many."""
        calls = self._forget(job_id)
        for name, args in calls:
            self.put(name, args)
        return len(calls)

    def discard(self, job_id: str = "") -> int:
        """The failed job is forgotten, or without an id all of them; returns how many."""
        return len(self._forget(job_id))

    def _forget(self, job_id: str) -> list[Call]:
        with self._lock:
            chosen = [pair for pair in self._failed if job_id in ("", pair[0].id)]
            for pair in chosen:
                self._failed.remove(pair)
            return [call for _failed, call in chosen]

    def __len__(self) -> int:
        return len(self._jobs)
