"""A worker's child process is reused for the next job; a job that crashes takes down only the
child.
"""

import os
import signal

import pytest
from rq.job import Job, JobStatus

from webapp.core.jobs import worker
from webapp.core.jobs.redis_queue import RedisQueue
from webapp.core.jobs.worker import LONGEST

pytestmark = pytest.mark.services


@pytest.fixture
def run(queue):
    """Work through the queue; return the process id of each job that succeeded, in order."""

    def run():
        queue.worker().work(burst=True, logging_level="CRITICAL")
        return [int(pid) for pid in queue.queue.connection.lrange("pids", 0, -1)]

    return run


def put(queue, act, timeout=LONGEST):
    """Queue the function, with the URL of its Redis as its argument."""
    name = f"tests.core.test_resident_worker.{act.__name__}"
    return queue.queue.enqueue_call(name, args=(queue.url,), timeout=timeout, failure_ttl=60).id


def note_pid(url):
    """A job that adds its process id to a list."""
    RedisQueue(url).queue.connection.rpush("pids", os.getpid())


def die(_url):
    """A job that ends its process."""
    os.kill(os.getpid(), signal.SIGKILL)


def fail(_url):
    """A job that fails."""
    raise ValueError


def status(queue, job_id):
    connection, serializer = queue.queue.connection, queue.queue.serializer
    return Job.fetch(job_id, connection, serializer).get_status()


def test_jobs_share_a_child_process_of_the_worker(queue, run):
    for _ in range(3):
        put(queue, note_pid)

    pids = run()

    assert len(pids) == 3
    assert len(set(pids)) == 1
    assert os.getpid() not in pids


def test_the_child_process_ends_with_its_worker(queue, run):
    put(queue, note_pid)
    (pid,) = run()

    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_failed_job_leaves_its_process_for_the_next(queue, run):
    put(queue, note_pid)
    failed = put(queue, fail)
    put(queue, note_pid)

    pids = run()

    assert len(pids) == 2
    assert len(set(pids)) == 1
    assert status(queue, failed) == JobStatus.FAILED


def test_a_crashed_job_is_marked_failed_and_the_next_gets_another_process(queue, run):
    put(queue, note_pid)
    died = put(queue, die)
    put(queue, note_pid)

    pids = run()

    assert len(set(pids)) == 2
    assert status(queue, died) == JobStatus.FAILED


def test_a_child_that_is_killed_between_jobs_is_replaced(queue, run, monkeypatch):
    put(queue, note_pid)
    put(queue, note_pid)
    hand_over = worker.ResidentWorker._hand_over

    def kill_first(self, job, child):
        if child.jobs_left < worker.MOST_JOBS:
            os.kill(child.pid, signal.SIGKILL)
            os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        return hand_over(self, job, child)

    monkeypatch.setattr(worker.ResidentWorker, "_hand_over", kill_first)

    assert len(set(run())) == 2


def test_no_other_job_runs_in_the_process_after_a_long_job(queue, run):
    put(queue, note_pid)
    put(queue, note_pid, timeout=LONGEST + 1)
    put(queue, note_pid)

    first, longer, last = run()

    assert first == longer
    assert longer != last


def test_a_child_runs_a_limited_number_of_jobs(queue, run, monkeypatch):
    fork = worker.ResidentWorker._fork

    def short_lived(self, queue):
        child = fork(self, queue)
        child.jobs_left = 2
        return child

    monkeypatch.setattr(worker.ResidentWorker, "_fork", short_lived)
    for _ in range(4):
        put(queue, note_pid)

    first, second, third, fourth = run()

    assert first == second
    assert third == fourth
    assert first != third
