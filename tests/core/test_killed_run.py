"""A job whose worker was killed runs again, and is removed once it succeeds."""

import pytest
from rq import SimpleWorker
from rq.executions import Execution
from rq.job import Job, JobStatus

from webapp.core.jobs.worker import ResidentWorker

pytestmark = pytest.mark.services


def interrupted(queue):
    """Return a job that waits again after its worker was killed; its earlier run is recorded, but
    no longer exists.
    """
    job = queue.queue.enqueue(
        "tests.core.test_killed_run.succeed", job_id="interrupted", result_ttl=0
    )
    connection = queue.queue.connection
    with connection.pipeline() as pipeline:
        earlier = Execution.create(job, ttl=60, pipeline=pipeline, worker_name="killed")
        pipeline.execute()
    connection.delete(earlier.key)
    return job


def succeed():
    """Do nothing, successfully."""


@pytest.fixture
def run(queue, monkeypatch):
    """Work through the queue in this process, because a child would be a copy of the test run."""
    monkeypatch.setattr(ResidentWorker, "execute_job", SimpleWorker.execute_job)
    return lambda: queue.worker().work(burst=True, logging_level="ERROR")


def test_an_interrupted_job_runs_again_and_is_removed(queue, run):
    interrupted(queue)
    run()
    assert not Job.exists("interrupted", connection=queue.queue.connection)


def test_control_without_forgetting_earlier_runs_it_fails(queue, run, monkeypatch):
    interrupted(queue)
    monkeypatch.setattr(ResidentWorker, "_forget_earlier_runs", lambda self, job: None)
    run()
    found = Job.fetch(
        "interrupted", connection=queue.queue.connection, serializer=queue.queue.serializer
    )
    assert found.get_status() == JobStatus.FAILED
