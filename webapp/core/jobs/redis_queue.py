"""The queue of a site with Redis: RQ with JSON. No request waits for it."""

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
#: Seconds that an id stays taken after its job, at least, where two clocks may ask for the same
#: tick.
REMEMBERED = 600
#: Seconds before a failed job may be started again, and for which it is listed.
FAILED, LISTED = 60, 7 * 86_400
#: How many failed jobs are retried or discarded at once.
AT_ONCE = 1000
#: Where the clock records its ticks, and how long a tick is kept.
TICKED, DAY = "folkmoot:ticked", 86_400


class RedisQueue:
    """Hands jobs to RQ. While Redis is down they are lost; the sweeps ask again."""

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
        """Enqueue a job, once for its id. Return False if Redis is down, which is logged.

        An id is free again when its job has succeeded, or after `remembered` seconds. A failed job
        is started again. `longest`: the time limit in seconds, 0 for the default.
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
        """Start the job with this id again if it failed a while ago.

        Return False if Redis is down.
        """
        try:
            job = queue_status.failed_job(self.queue, job_id)
            if job is not None and queue_status.age(job.ended_at) > FAILED:
                queue_status.retry(self.queue, job)
        except (RedisError, OSError) as error:
            return self._lost(job_id, error)
        return True

    def state(self, schedules: dict[str, int]) -> QueueState:
        """Return how many jobs wait and for how long, the workers, and what failed.

        Raises RedisError while Redis is down.
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
        """Return everything RQ knows about the queue and these schedules.

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
        """Return the name of the failed job with this id, or None.

        Raises QueueUnavailable.
        """
        job = self._asked(lambda: queue_status.failed_job(self.queue, job_id))
        return str(job.description) if job else None

    def retry(self, job_id: str = "") -> int:
        """Enqueue the failed job again, or up to AT_ONCE without an id; return how many.

        Raises QueueUnavailable.
        """
        return self._asked(lambda: self._each(job_id, queue_status.retry))

    def discard(self, job_id: str = "") -> int:
        """Discard the failed job, or up to AT_ONCE without an id; return how many.

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
        """Record that the clock is running. Ignore it if Redis is down."""
        if not self._breaker.is_open:
            with suppress(RedisError, OSError):
                self.queue.connection.set(TICKED, time.time(), ex=DAY)

    def since_tick(self) -> float | None:
        """Return the seconds since the clock last ran, or None if unknown.

        Raises RedisError while Redis is down.
        """
        last: Any = self.queue.connection.get(TICKED)
        return round(max(0.0, time.time() - float(last)), 1) if last else None

    def worker(self) -> ResidentWorker:
        """Return an RQ worker for this queue.

        A killed worker is noticed within half a minute, and its job is run again.
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
