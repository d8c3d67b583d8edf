"""The queue's status from RQ's own registries, and actions on failed jobs.

Nothing else is stored.
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
from rq import Queue, Worker as RqWorker
from rq.exceptions import InvalidJobOperation, NoSuchJobError
from rq.job import Job, JobStatus
from rq.registry import FailedJobRegistry
from rq.results import Result

#: Only our own code is named in errors: messages may contain people's names and texts.
_OURS = Path(__file__).resolve().parents[2]


class QueueUnavailable(Exception):
    """The queue is in Redis, and Redis doesn't respond."""


class WorkerStatus(NamedTuple):
    """A worker: seconds since its heartbeat, the current job, and how many jobs succeeded and
    failed.
    """

    heard: float
    doing: str
    done: int
    failed: int


class FailedJob(NamedTuple):
    """A job that failed for good. `reason` is the type of error and its place in the code.

    `returns`: its schedule will run it again.
    """

    id: str
    name: str
    at: datetime
    reason: str
    returns: bool


class ScheduleStatus(NamedTuple):
    """A job that runs every `seconds`.

    `turn` is the status of its latest run: "waiting", "running", "done", "failed" or "".
    """

    name: str
    seconds: int
    turn: str


class QueueState(NamedTuple):
    """A queue in numbers: waiting jobs, the oldest one's age in seconds, seconds since each
    worker's heartbeat, busy workers.

    `failed` counts jobs that nothing enqueues again; `failing` counts schedules whose latest run
    failed.
    """

    jobs: int
    oldest: float | None
    heartbeats: list[float]
    working: int
    failed: int
    failing: int


class QueueStatus(NamedTuple):
    """The queue at a moment.

    `waiting`: name -> number, among the first `looked_at` of all `jobs`. `oldest`: seconds.
    """

    jobs: int
    looked_at: int
    waiting: dict[str, int]
    oldest: float | None
    workers: list[WorkerStatus]
    failed: list[FailedJob]
    schedules: list[ScheduleStatus]


def reason(error: BaseException) -> str:
    """Return the type of an error, and where in our code it was raised."""
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


#: Limits: waiting jobs examined, failed jobs listed, failed jobs counted.
LOOKED_AT, LISTED, COUNTED = 500, 200, 5000
#: How often a failed job is tried again automatically.
TRIES_AGAIN = 2
#: Characters that RQ forbids in ids.
_FORBIDDEN = re.compile(r"[^A-Za-z0-9_-]")
_TURNS = {
    JobStatus.STARTED: "running",
    JobStatus.FINISHED: "done",
    JobStatus.FAILED: "failed",
    JobStatus.STOPPED: "failed",
}


def plain(job_id: str) -> str:
    """Return the id without characters that RQ forbids."""
    return _FORBIDDEN.sub("-", job_id)


def age(moment: datetime | None) -> float:
    """Return the seconds since `moment`. RQ's times are UTC, some of them naive."""
    return (
        round(max(0.0, (datetime.now(UTC) - moment.replace(tzinfo=UTC)).total_seconds()), 1)
        if moment
        else 0.0
    )


def jobs(queue: Queue, ids: Iterable[str]) -> list[Job]:
    """Return those of the jobs that still exist."""
    found = Job.fetch_many(list(ids), connection=queue.connection, serializer=queue.serializer)
    return [job for job in found if job is not None]


def waiting(queue: Queue) -> dict[str, int]:
    """Return name -> number of waiting jobs, among the first LOOKED_AT."""
    return dict(
        Counter(
            str(job.description) for job in jobs(queue, queue.get_job_ids(0, LOOKED_AT))
        ).most_common()
    )


def oldest(queue: Queue) -> float | None:
    """Return how many seconds the first waiting job has waited, or None."""
    first = jobs(queue, queue.get_job_ids(0, 1))
    return age(first[0].enqueued_at) if first else None


def workers(queue: Queue, connection: Redis) -> list[WorkerStatus]:
    """Return the registered workers.

    Needs a connection of its own: RQ changes its timeout.
    """
    found = [worker for worker in RqWorker.all(connection=connection) if worker.last_heartbeat]
    running = {worker.name: worker.get_current_job_id() for worker in found}
    ids = {name: id for name, id in running.items() if id}
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
    """Whether the job is a run of one of these schedules: then the clock starts the next one."""
    name, _dash, number = job_id.rpartition("-")
    return number.isdigit() and name in map(plain, schedules)


def failures(queue: Queue, schedules: Iterable[str]) -> int:
    """Return the number of failed jobs, without runs of schedules."""
    ids: Any = queue.connection.zrangebyscore(
        FailedJobRegistry(queue=queue).key, time.time(), "+inf", start=0, num=COUNTED
    )
    return sum(not is_turn(job_id.decode(), schedules) for job_id in ids)


def failed(queue: Queue, schedules: Iterable[str]) -> list[FailedJob]:
    """Return the jobs that failed for good, latest first, at most LISTED."""
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
    """Return the error.

    Our workers write one line; of other texts, which may hold personal data, keep only the type.
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
    """Return each schedule with its latest run known to Redis: the current one, or the one
    before.
    """
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
    """Return the ids of failed jobs, those that are kept longest first."""
    return FailedJobRegistry(queue=queue).get_job_ids(0, most - 1, desc=True, cleanup=False)


def has_failed(job: Job) -> bool:
    """Whether the job was among the failed ones when it was read."""
    return job.get_status(refresh=False) == JobStatus.FAILED


def failed_job(queue: Queue, job_id: str) -> Job | None:
    """Return the job if it is among the failed ones, otherwise None."""
    return next(filter(has_failed, jobs(queue, [job_id])), None)


def retry(queue: Queue, job: Job) -> bool:
    """Enqueue the job again with all its retries. Return False if someone else already did."""
    job.retries_left = TRIES_AGAIN
    try:
        FailedJobRegistry(queue=queue).requeue(job)
    except (InvalidJobOperation, NoSuchJobError):
        return False
    queue.connection.persist(job.key)  # failed jobs expire; this one must not
    return True


def discard(queue: Queue, job: Job) -> bool:
    """Delete the job. Return False if someone else already did."""
    if not FailedJobRegistry(queue=queue).remove(job):
        return False
    Result.delete_all(job)
    job.delete(remove_from_queue=False)
    return True
