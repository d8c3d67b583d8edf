"""The queue of a site with Redis: RQ, spoken in JSON on both sides, and never waited for."""

import re
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

log = structlog.get_logger(__name__)

NAME = "default"
PERFORM = "webapp.core.queue.perform"
#: A job that takes longer is ended: sooner than a letter's lease, so that nobody else has begun by then.
LONGEST = 90
#: How long an id stays taken after its job, where two clocks may ask for the same tick; and after a failure.
REMEMBERED, FAILED = 600, 60
#: What RQ takes no id with.
_FORBIDDEN = re.compile(r"[^A-Za-z0-9_-]")


class RedisQueue:
    """Jobs are handed to RQ; while Redis is away they are forgotten, and the sweeps ask again."""

    def __init__(self, url: str, patience: Patience | None = None) -> None:
        self.url = url
        self.queue = Queue(NAME, connection=patient(url), serializer=JSONSerializer, default_timeout=LONGEST)
        self._patience = patience or Patience()

    def put(self, name: str, args: tuple[Any, ...], job_id: str | None = None, remembered: bool = False) -> bool:
        """True: the job is in Redis, once for its id. False: Redis is away, which is logged and holds nobody up.

        An id is free again when its job has run, or ten minutes later if it is to be `remembered`.
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

    def worker(self) -> Worker:
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
    """RQ's worker, whose children open database connections of their own."""

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        """The job runs in this child, which shares no connection with its parent."""
        db.engine.dispose(close=False)
        super().main_work_horse(job, queue)
