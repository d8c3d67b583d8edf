"""What RQ's own registries tell of the queue, and what can be done about jobs that failed.

Nothing is kept beside them.
"""

import re
import time
import traceback
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from redis import Redis
from rq import Queue
from rq import Worker as RqWorker
from rq.exceptions import InvalidJobOperation, NoSuchJobError
from rq.job import Job, JobStatus
from rq.registry import FailedJobRegistry
from rq.results import Result

#: The names of people and their words may be in what an error says; its kind and its place are
#: ours.
_OURS = Path(__file__).resolve().parents[2]


class QueueUnavailable(Exception):
    """The queue is in Redis, and Redis does not answer."""


class WorkerStatus(NamedTuple):
    """Someone who does jobs: seconds since they were heard of, the job at hand, and how many
    went well and wrong.
    """

    heard: float
    doing: str
    done: int
    failed: int


class FailedJob(NamedTuple):
    """A job that failed for good: `reason` is a kind of error and a place.

    `returns`: its schedule asks for it again.
    """

    id: str
    name: str
    at: datetime
    reason: str
    returns: bool


class ScheduleStatus(NamedTuple):
    """What the clock asks for every so many seconds.

    Its newest turn is "waiting", "running", "done" or "failed"; else "".
    """

    name: str
    seconds: int
    turn: str


class QueueState(NamedTuple):
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


class QueueStatus(NamedTuple):
    """A queue at a moment.

    `waiting`: name -> how many, of the first `looked_at` of all `jobs`; `oldest`: seconds.
    """

    jobs: int
    looked_at: int
    waiting: dict[str, int]
    oldest: float | None
    workers: list[WorkerStatus]
    failed: list[FailedJob]
    schedules: list[ScheduleStatus]


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


#: So many of the waiting jobs are looked at, and so many of those that failed.
LOOKED_AT, LISTED, COUNTED = 500, 200, 5000
#: So many times a job is begun again by itself after it failed.
TRIES_AGAIN = 2
#: What RQ takes no id with.
_FORBIDDEN = re.compile(r"[^A-Za-z0-9_-]")
_TURNS = {
    JobStatus.STARTED: "running",
    JobStatus.FINISHED: "done",
    JobStatus.FAILED: "failed",
    JobStatus.STOPPED: "failed",
}


def plain(job_id: str) -> str:
    """The id as RQ takes it."""
    return _FORBIDDEN.sub("-", job_id)


def age(moment: datetime | None) -> float:
    """Seconds since then. RQ's moments are in UTC, some of them without saying so."""
    return (
        round(max(0.0, (datetime.now(UTC) - moment.replace(tzinfo=UTC)).total_seconds()), 1)
        if moment
        else 0.0
    )


def jobs(queue: Queue, ids: Iterable[str]) -> list[Job]:
    """Those of these jobs that are still there."""
    found = Job.fetch_many(list(ids), connection=queue.connection, serializer=queue.serializer)
    return [job for job in found if job is not None]


def waiting(queue: Queue) -> dict[str, int]:
    """Name -> how many wait, of the first LOOKED_AT."""
    return dict(
        Counter(
            str(job.description) for job in jobs(queue, queue.get_job_ids(0, LOOKED_AT))
        ).most_common()
    )


def oldest(queue: Queue) -> float | None:
    """Seconds that the first of those that wait has waited."""
    first = jobs(queue, queue.get_job_ids(0, 1))
    return age(first[0].enqueued_at) if first else None


def workers(queue: Queue, connection: Redis) -> list[WorkerStatus]:
    """Everyone who is registered as working.

    The connection is for this alone: RQ changes how long it waits on it.
    """
    found = [worker for worker in RqWorker.all(connection=connection) if worker.last_heartbeat]
    ids = {worker.name: worker._job_id for worker in found if worker._job_id}
    names = {job.id: str(job.description) for job in jobs(queue, ids.values())}
    return [
        WorkerStatus(
            age(it.last_heartbeat),
            names.get(str(ids.get(it.name)), ""),
            it.successful_job_count,
            it.failed_job_count,
        )
        for it in found
    ]


def is_turn(job_id: str, schedules: Iterable[str]) -> bool:
    """Whether the job is a turn of one of these schedules: then the clock asks for the next by
    itself.
    """
    name, _dash, number = job_id.rpartition("-")
    return number.isdigit() and name in map(plain, schedules)


def failures(queue: Queue, schedules: Iterable[str]) -> int:
    """How many jobs stand among those that failed, turns of schedules aside."""
    ids: Any = queue.connection.zrangebyscore(
        FailedJobRegistry(queue=queue).key, time.time(), "+inf", start=0, num=COUNTED
    )
    return sum(not is_turn(job_id.decode(), schedules) for job_id in ids)


def failed(queue: Queue, schedules: Iterable[str]) -> list[FailedJob]:
    """The jobs that failed for good, the latest first, LISTED at most."""
    ids = FailedJobRegistry(queue=queue).get_job_ids(0, LISTED - 1, desc=True, cleanup=False)
    found = jobs(queue, ids)
    known = [
        FailedJob(job.id, str(job.description), _ended(job), why, is_turn(job.id, schedules))
        for job, why in zip(found, _reasons(queue, found), strict=True)
    ]
    return sorted(known, key=lambda job: job.at, reverse=True)


def _ended(job: Job) -> datetime:
    return (job.ended_at or job.enqueued_at or job.created_at).replace(tzinfo=UTC)


def _reasons(queue: Queue, found: list[Job]) -> list[str]:
    with queue.connection.pipeline() as pipeline:
        for job in found:
            pipeline.xrevrange(Result.get_key(job.id), "+", "-", count=1)
        answers = pipeline.execute() if found else []
    return [_reason(queue, job, answer) for job, answer in zip(found, answers, strict=True)]


def _reason(queue: Queue, job: Job, answer: list[tuple[bytes, dict[bytes, bytes]]]) -> str:
    """Our workers write one line; what another one wrote may hold an error's words, and is cut
    to its kind.
    """
    if not answer:
        return ""
    result_id, payload = answer[0]
    text = (
        Result.restore(
            job.id, result_id.decode(), payload, queue.connection, queue.serializer
        ).exc_string
        or ""
    )
    lines = text.strip().splitlines()
    return lines[0] if len(lines) == 1 else lines[-1].partition(":")[0] if lines else ""


def turns(queue: Queue, schedules: dict[str, int]) -> list[ScheduleStatus]:
    """Each schedule with its newest turn that Redis knows of: this one, or the one before."""
    now = int(time.time())
    ids = {
        name: [plain(f"{name}-{now // seconds - before}") for before in (0, 1)]
        for name, seconds in schedules.items()
    }
    known = {
        job.id: job for job in jobs(queue, (job_id for both in ids.values() for job_id in both))
    }
    newest = {
        name: next((known[job_id] for job_id in both if job_id in known), None)
        for name, both in ids.items()
    }
    return [
        ScheduleStatus(
            name,
            seconds,
            _TURNS.get(job.get_status(refresh=False), "waiting") if (job := newest[name]) else "",
        )
        for name, seconds in schedules.items()
    ]


def failed_ids(queue: Queue, most: int) -> list[str]:
    """The ids of so many jobs that failed, those that are kept longest first."""
    return FailedJobRegistry(queue=queue).get_job_ids(0, most - 1, desc=True, cleanup=False)


def has_failed(job: Job) -> bool:
    """Whether it stood among those that failed when it was read."""
    return job.get_status(refresh=False) == JobStatus.FAILED


def failed_job(queue: Queue, job_id: str) -> Job | None:
    """The job, if it stands among those that failed."""
    return next(filter(has_failed, jobs(queue, [job_id])), None)


def retry(queue: Queue, job: Job) -> bool:
    """The job waits again, with all its tries before it; False when someone was faster."""
    job.retries_left = TRIES_AGAIN
    try:
        FailedJobRegistry(queue=queue).requeue(job)
    except (InvalidJobOperation, NoSuchJobError):
        return False
    queue.connection.persist(job.key)  # it was to be forgotten as a failed one is
    return True


def discard(queue: Queue, job: Job) -> bool:
    """The job is gone; False when someone was faster."""
    if not FailedJobRegistry(queue=queue).remove(job):
        return False
    Result.delete_all(job)
    job.delete(remove_from_queue=False)
    return True
