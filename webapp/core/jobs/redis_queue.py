"""The queue of a site with Redis: RQ, spoken in JSON on both sides, and never waited for."""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, Retry
from rq.exceptions import DuplicateJobError
from rq.job import Job
from rq.serializers import JSONSerializer

from ..redis_client import CircuitBreaker, connect
from . import queue_status
from .memory_queue import Arguments
from .queue_status import QueueState, QueueStatus, QueueUnavailable
from .worker import LONGEST, ResidentWorker

log = structlog.get_logger(__name__)
Found = TypeVar("Found")

NAME = "default"
PERFORM = "webapp.core.jobs.queue.perform"
#: How long an id stays taken after its job at least, where two clocks may ask for the same tick.
REMEMBERED = 600
#: A job that failed for good is begun again when it is asked for again, but not sooner; and is
#: listed for so long.
FAILED, LISTED = 60, 7 * 86_400
#: So many of those that failed are tried again, or discarded, at once.
AT_ONCE = 1000
#: Where the clock says that it is running, and for how long that is remembered.
TICKED, DAY = "folkmoot:ticked", 86_400


class RedisQueue:
    """Jobs are handed to RQ; while Redis is away they are forgotten, and the sweeps ask again."""

    def __init__(self, url: str, breaker: CircuitBreaker | None = None) -> None:
        self.url = url
        self.queue = Queue(
            NAME, connection=connect(url), serializer=JSONSerializer, default_timeout=LONGEST
        )
        self._breaker = breaker or CircuitBreaker()

    def put(
        self,
        name: str,
        args: Arguments,
        job_id: str | None = None,
        remembered: int = 0,
        longest: int = 0,
    ) -> bool:
        """True: the job is in Redis, once for its id. False: Redis is away, which is logged and
        holds nobody up.

        An id is free again when its job has run well, or after so many seconds as it is to be
        `remembered`, and begins again when it failed. `longest`: 0 is as usual.
        """
        if self._breaker.is_open:
            return False
        ttl = max(REMEMBERED, remembered) if remembered else 0
        try:
            self.queue.enqueue_call(
                PERFORM,
                args=(name, *args),
                job_id=job_id and queue_status.plain(job_id),
                unique=job_id is not None,
                timeout=longest or LONGEST,
                retry=Retry(max=queue_status.TRIES_AGAIN),
                result_ttl=ttl,
                failure_ttl=ttl or LISTED,
                description=name,
            )
        except DuplicateJobError:
            return bool(remembered) or self._begun_again(queue_status.plain(str(job_id)))
        except (RedisError, OSError) as error:
            return self._lost(name, error)
        return True

    def _lost(self, name: str, error: Exception) -> bool:
        self._breaker.trip()
        log.warning("queue_unavailable", job=name, error=type(error).__name__)
        return False

    def _begun_again(self, job_id: str) -> bool:
        """The job with this id is on its way: it was, or it had failed some time ago and waits
        again.
        """
        try:
            job = queue_status.failed_job(self.queue, job_id)
            if job is not None and queue_status.age(job.ended_at) > FAILED:
                queue_status.retry(self.queue, job)
        except (RedisError, OSError) as error:
            return self._lost(job_id, error)
        return True

    def state(self, schedules: dict[str, int]) -> QueueState:
        """How many jobs wait, for how long, who works on them, and what failed.

        Raises RedisError while Redis is away.
        """
        with connect(self.url) as connection:
            workers = queue_status.workers(self.queue, connection)
        return QueueState(
            jobs=self.queue.count,
            oldest=queue_status.oldest(self.queue),
            heartbeats=[worker.heard for worker in workers],
            working=sum(bool(worker.doing) for worker in workers),
            failed=queue_status.failures(self.queue, schedules),
            failing=sum(
                schedule.turn == "failed" for schedule in queue_status.turns(self.queue, schedules)
            ),
        )

    def workload(self, schedules: dict[str, int]) -> QueueStatus:
        """Everything that RQ knows of the queue, and of these schedules.

        Raises QueueUnavailable.
        """
        return self._asked(lambda: self._workload(schedules))

    def _workload(self, schedules: dict[str, int]) -> QueueStatus:
        with connect(self.url) as connection:
            workers = queue_status.workers(self.queue, connection)
        return QueueStatus(
            jobs=self.queue.count,
            looked_at=queue_status.LOOKED_AT,
            waiting=queue_status.waiting(self.queue),
            oldest=queue_status.oldest(self.queue),
            workers=workers,
            failed=queue_status.failed(self.queue, schedules),
            schedules=queue_status.turns(self.queue, schedules),
        )

    def _asked(self, ask: Callable[[], Found]) -> Found:
        if self._breaker.is_open:
            raise QueueUnavailable
        try:
            return ask()
        except (RedisError, OSError) as error:
            self._breaker.trip()
            raise QueueUnavailable from error

    def failed_name(self, job_id: str) -> str | None:
        """What the job with this id is called, if it stands among those that failed.

        Raises QueueUnavailable.
        """
        job = self._asked(lambda: queue_status.failed_job(self.queue, job_id))
        return str(job.description) if job else None

    def retry(self, job_id: str = "") -> int:
        """The failed job waits again, or without an id all of them, AT_ONCE at most; returns how
        many. Raises QueueUnavailable.
        """
        return self._asked(lambda: self._each(job_id, queue_status.retry))

    def discard(self, job_id: str = "") -> int:
        """The failed job is gone, or without an id all of them, AT_ONCE at most; returns how many.

        Raises QueueUnavailable.
        """
        return self._asked(lambda: self._each(job_id, queue_status.discard))

    def _each(self, job_id: str, act: Callable[[Queue, Job], bool]) -> int:
        ids = [job_id] if job_id else queue_status.failed_ids(self.queue, AT_ONCE)
        return sum(
            act(self.queue, job)
            for job in queue_status.jobs(self.queue, ids)
            if queue_status.has_failed(job)
        )

    def note_tick(self) -> None:
        """The clock is running. Nothing waits for Redis to know it."""
        if not self._breaker.is_open:
            with suppress(RedisError, OSError):
                self.queue.connection.set(TICKED, time.time(), ex=DAY)

    def since_tick(self) -> float | None:
        """Seconds since the clock was last running; None when nobody knows.

        Raises RedisError while Redis is away.
        """
        last: Any = self.queue.connection.get(TICKED)
        return round(max(0.0, time.time() - float(last)), 1) if last else None

    def worker(self) -> ResidentWorker:
        """An RQ worker for this queue.

        One that is killed is missed within half a minute, and its job comes back.
        """
        connection = Redis.from_url(self.url)
        return ResidentWorker(
            [Queue(NAME, connection=connection, serializer=JSONSerializer)],
            connection=connection,
            serializer=JSONSerializer,
            worker_ttl=30,
            maintenance_interval=10,
            job_monitoring_interval=5,
            default_result_ttl=0,
        )
