"""The queue of a site with Redis: RQ, spoken in JSON on both sides, and never waited for."""

import re
import time
from contextlib import suppress
from datetime import UTC, datetime
from types import FrameType
from typing import Any

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, Retry, Worker
from rq.exceptions import DuplicateJobError
from rq.job import Job
from rq.serializers import JSONSerializer

from .extensions import db
from .patience import Patience, patient
from .waiting import Arguments, State

log = structlog.get_logger(__name__)

NAME = "default"
PERFORM = "webapp.core.queue.perform"
#: A job that takes longer is ended, unless it was put with a `longest` of its own: sooner than a letter's lease, so that
#: nobody else has begun by then.
LONGEST = 90
#: How long an id stays taken after its job, where two clocks may ask for the same tick; and after a failure.
REMEMBERED, FAILED = 600, 60
#: Where the clock says that it is running, and for how long that is remembered.
TICKED, DAY = "folkmoot:ticked", 86_400
#: What RQ takes no id with.
_FORBIDDEN = re.compile(r"[^A-Za-z0-9_-]")


def _age(moment: datetime) -> float:
    """RQ's moments are in UTC, some of them without saying so."""
    return round(max(0.0, (datetime.now(UTC) - moment.replace(tzinfo=UTC)).total_seconds()), 1)


class RedisQueue:
    """Jobs are handed to RQ; while Redis is away they are forgotten, and the sweeps ask again."""

    def __init__(self, url: str, patience: Patience | None = None) -> None:
        self.url = url
        self.queue = Queue(NAME, connection=patient(url), serializer=JSONSerializer, default_timeout=LONGEST)
        self._patience = patience or Patience()

    def put(self, name: str, args: Arguments, job_id: str | None = None, remembered: bool = False, longest: int = 0) -> bool:
        """True: the job is in Redis, once for its id. False: Redis is away, which is logged and holds nobody up.

        An id is free again when its job has run, or ten minutes later if it is to be `remembered`. `longest`: 0 is as usual.
        """
        if self._patience.is_over:
            return False
        ttl = REMEMBERED if remembered else 0
        try:
            self.queue.enqueue_call(
                PERFORM,
                args=(name, *args),
                job_id=job_id and _FORBIDDEN.sub("-", job_id),
                unique=job_id is not None,
                timeout=longest or LONGEST,
                retry=Retry(max=2),
                result_ttl=ttl,
                failure_ttl=max(ttl, FAILED),
                description=name,
            )
        except DuplicateJobError:
            pass
        except (RedisError, OSError) as error:
            self._patience.lose()
            log.warning("queue_unavailable", job=name, error=type(error).__name__)
            return False
        return True

    def state(self) -> State:
        """How many jobs wait, for how long, and who works on them. Raises RedisError while Redis is away."""
        oldest = self._job(next(iter(self.queue.get_job_ids(0, 1)), None))
        workers = Worker.all(connection=self.queue.connection)
        return State(
            jobs=self.queue.count,
            oldest=_age(oldest.enqueued_at) if oldest is not None and oldest.enqueued_at else None,
            heartbeats=[_age(worker.last_heartbeat) for worker in workers if worker.last_heartbeat],
        )

    def _job(self, job_id: str | None) -> Job | None:
        found = Job.fetch_many([job_id], connection=self.queue.connection, serializer=JSONSerializer) if job_id else []
        return next(iter(found), None)

    def note_tick(self) -> None:
        """The clock is running. Nothing waits for Redis to know it."""
        if not self._patience.is_over:
            with suppress(RedisError, OSError):
                self.queue.connection.set(TICKED, time.time(), ex=DAY)

    def since_tick(self) -> float | None:
        """Seconds since the clock was last running; None when nobody knows. Raises RedisError while Redis is away."""
        last: Any = self.queue.connection.get(TICKED)
        return round(max(0.0, time.time() - float(last)), 1) if last else None

    def worker(self) -> "ForkingWorker":
        """An RQ worker for this queue. One that is killed is missed within half a minute, and its job comes back."""
        connection = Redis.from_url(self.url)
        return ForkingWorker(
            [Queue(NAME, connection=connection, serializer=JSONSerializer)],
            connection=connection,
            serializer=JSONSerializer,
            worker_ttl=30,
            maintenance_interval=10,
            job_monitoring_interval=5,
            default_result_ttl=0,
        )


class ForkingWorker(Worker):
    """RQ's worker, whose children open database connections of their own.

    RQ returns alike when it was stopped and when it gave up: `was_asked_to_stop` tells them apart.
    """

    was_asked_to_stop = False
    max_connection_wait_time = 5.0  # seconds; RQ would look for a Redis that was away only once a minute

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """A signal says stop: the job at hand is the last one."""
        self.was_asked_to_stop = True
        super().request_stop(signum, frame)

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        """The job runs in this child, which shares no connection with its parent."""
        db.engine.dispose(close=False)
        super().main_work_horse(job, queue)
