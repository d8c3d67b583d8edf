"""The status of a queue, and how failed jobs are handled: in this process, and through RQ's own
registries.
"""

import time

import pytest
from rq import Worker
from rq.registry import FailedJobRegistry
from rq.results import Result

from tests import parts
from webapp.core.jobs import queue, redis_queue
from webapp.core.jobs.memory_queue import MemoryQueue
from webapp.core.jobs.queue_status import QueueUnavailable, reason
from webapp.core.jobs.redis_queue import RedisQueue
from webapp.core.jobs.worker import ResidentWorker
from webapp.core.redis_client import SECONDS

SECRET = "ana@example.org"
#: The last place in our code before the error that the test caused.
REASON = f"ValueError (webapp/core/jobs/queue.py:{queue._run.__code__.co_firstlineno + 3})"


@pytest.fixture
def jobs(monkeypatch):
    """Jobs for tests: `fail` fails while `broken` says so, and otherwise stores its arguments in
    `done`.
    """
    state = {"broken": True, "done": []}

    def fail(*args):
        if state["broken"]:
            raise ValueError(SECRET)
        state["done"].append(args)

    monkeypatch.setitem(queue.JOBS, "fail", fail)
    monkeypatch.setitem(queue.JOBS, "note", lambda *args: state["done"].append(args))
    monkeypatch.setattr(queue, "SCHEDULES", {"fail": 60, "note": 60})
    return state


@pytest.fixture
def waiting(app, monkeypatch):
    """An empty queue in this process."""
    monkeypatch.setitem(app.extensions, "queue", MemoryQueue())
    return app.extensions["queue"]


def test_a_failure_reason_is_an_error_class_and_a_line_of_our_code():
    with pytest.raises(AttributeError) as raised:
        queue._run(None, "no such job", ())
    assert reason(raised.value).startswith("AttributeError (webapp/core/jobs/queue.py:")
    assert reason(ValueError(SECRET)) == "ValueError"


def test_the_in_process_queue_reports_waiting_and_failed_jobs(app, waiting, jobs):
    waiting.note_tick()
    for number in (1, 2):
        waiting.put("fail", (number,))
    assert queue.workload(app).waiting == {"fail": 2}
    queue.drain(app)

    notified = queue.workload(app)
    assert (notified.jobs, notified.waiting, notified.oldest) == (0, {}, None)
    assert [(job.name, job.reason, job.returns) for job in notified.failed] == [
        ("fail", REASON, False)
    ] * 2
    assert [(worker.done, worker.failed, worker.doing) for worker in notified.workers] == [
        (0, 2, "")
    ]
    assert queue.state(app).failed == 2
    assert SECRET not in str(notified)


def test_the_in_process_queue_retries_one_or_all_jobs_and_discards_them(app, waiting, jobs):
    for number in (1, 2, 3):
        waiting.put("fail", (number,))
    queue.drain(app)
    first = waiting.workload({}).failed[-1]
    jobs["broken"] = False

    assert waiting.failed_name(first.id) == "fail"
    assert waiting.retry(first.id) == 1
    assert waiting.retry(first.id) == 0
    queue.drain(app)
    assert jobs["done"] == [(1,)]
    assert waiting.discard(waiting.workload({}).failed[0].id) == 1
    assert waiting.retry() == 1
    queue.drain(app)
    assert jobs["done"] == [(1,), (2,)]
    assert waiting.workload({}).failed == []


def test_a_failing_schedule_is_reported_until_it_succeeds(app, waiting, jobs):
    def turns():
        return {schedule.name: schedule.turn for schedule in queue.workload(app).schedules}

    assert turns() == {"fail": "", "note": ""}
    for name in ("fail", "note", "fail"):
        waiting.put(name, ())
        assert turns()[name] == "waiting"
        queue.drain(app)
    assert turns() == {"fail": "failed", "note": "done"}
    assert [job.returns for job in queue.workload(app).failed] == [True]
    assert (queue.state(app).failed, queue.state(app).failing) == (0, 1)

    jobs["broken"] = False
    waiting.put("fail", ())
    queue.drain(app)
    assert queue.state(app).failing == 0


@pytest.fixture
def in_redis(app, redis, monkeypatch):
    """The application's queue, in that Redis."""
    made = RedisQueue(parts.redis_url(parts.QUEUE))
    monkeypatch.setitem(app.extensions, "queue", made)
    return made


def work(app, in_redis):
    """A function that runs all waiting jobs, by a worker whose children are this process."""
    with app.app_context():
        in_redis.worker().work(burst=True, logging_level="CRITICAL")


@pytest.mark.services
def test_the_redis_queue_reports_waiting_and_failed_jobs_without_arguments(
    app, redis, in_redis, jobs
):
    in_redis.put("note", ("x",), "note-x")
    in_redis.put("fail", (SECRET,), "fail-x")
    assert queue.workload(app).waiting == {"note": 1, "fail": 1}
    work(app, in_redis)

    notified = queue.workload(app)
    assert (notified.jobs, notified.waiting) == (0, {})
    [failed] = notified.failed
    assert (failed.id, failed.name, failed.reason, failed.returns) == (
        "fail-x",
        "fail",
        REASON,
        False,
    )
    assert SECRET not in str(notified)
    assert Result.fetch_latest(in_redis.queue.fetch_job("fail-x")).exc_string == REASON
    assert queue.state(app).failed == 1


@pytest.mark.services
def test_tracebacks_of_older_workers_are_cut_to_the_error_class(app, in_redis, jobs):
    in_redis.put("fail", (), "fail-x")
    job = in_redis.queue.fetch_job("fail-x")
    in_redis.queue.remove(job)
    job.set_status("failed")
    with in_redis.queue.connection.pipeline() as pipeline:
        job._handle_failure(
            f"Traceback (most recent call last):\n  File x\nValueError: {SECRET}\n", pipeline
        )
        pipeline.execute()

    assert [job.reason for job in queue.workload(app).failed] == ["ValueError"]


@pytest.mark.services
def test_failed_jobs_are_retried_or_discarded_through_rqs_registry(app, redis, in_redis, jobs):
    for name in ("fail-1", "fail-2", "fail-3"):
        in_redis.put("fail", (name,), name)
    work(app, in_redis)
    registry = FailedJobRegistry(queue=in_redis.queue)
    assert registry.count == 3

    assert in_redis.failed_name("fail-1") == "fail"
    assert in_redis.discard("fail-1") == 1
    assert in_redis.failed_name("fail-1") is None
    assert not redis.exists("rq:job:fail-1", "rq:results:fail-1")
    jobs["broken"] = False
    assert in_redis.retry("fail-2") == 1
    assert in_redis.retry("fail-2") == 0, "it waits already"
    assert redis.ttl("rq:job:fail-2") == -1
    assert in_redis.retry() == 1
    work(app, in_redis)
    assert (registry.count, redis.exists("rq:job:fail-2", "rq:job:fail-3")) == (0, 0)


@pytest.mark.services
def test_a_failed_job_queued_again_restarts_after_a_pause(app, in_redis, jobs, monkeypatch):
    in_redis.put("fail", (), "fail-x")
    work(app, in_redis)
    assert in_redis.put("fail", (), "fail-x")
    assert in_redis.queue.count == 0, "it failed just now"

    monkeypatch.setattr(redis_queue, "FAILED", -1)
    assert in_redis.put("fail", (), "fail-x")
    assert in_redis.put("fail", (), "fail-x")
    assert in_redis.queue.count == 1
    assert queue.state(app).failed == 0


@pytest.mark.services
def test_schedules_report_their_latest_run_and_failed_ones_need_no_action(app, in_redis, jobs):
    def turns():
        return {schedule.name: schedule.turn for schedule in queue.workload(app).schedules}

    assert turns() == {"fail": "", "note": ""}
    queue.tick(app, {})
    assert set(turns().values()) == {"waiting"}
    work(app, in_redis)

    assert turns() == {"fail": "failed", "note": "done"}
    assert [job.returns for job in queue.workload(app).failed] == [True]
    assert (queue.state(app).failed, queue.state(app).failing) == (0, 1)


@pytest.mark.services
def test_listing_workers_does_not_change_the_queues_timeout(app, redis, in_redis):
    """RQ sets the timeout of whichever connection it uses to find workers to seven minutes."""
    worker = in_redis.worker()
    worker.register_birth()
    try:
        assert len(queue.workload(app).workers) == len(queue.state(app).heartbeats) == 1
        assert (
            in_redis.queue.connection.connection_pool.connection_kwargs["socket_timeout"] == SECONDS
        )
    finally:
        worker.register_death()


@pytest.mark.services
@pytest.mark.parametrize(("kind", "found"), [(ResidentWorker, 1), (Worker, 0)])
def test_workers_register_again_after_redis_lost_its_data(app, redis, in_redis, kind, found):
    """The second is the control: RQ's own worker continues, but is no longer counted."""
    worker = in_redis.worker()
    worker.__class__ = kind
    worker.register_birth()
    redis.flushdb()
    worker.heartbeat()

    assert len(queue.state(app).heartbeats) == found
    worker.register_death()


def test_without_redis_queue_status_fails_at_once_after_one_attempt(app, monkeypatch):
    away = RedisQueue("redis://127.0.0.1:1")
    began = time.monotonic()
    for ask in (
        lambda: away.workload({}),
        lambda: away.retry("x"),
        lambda: away.discard(),
        lambda: away.failed_name("x"),
    ):
        with pytest.raises(QueueUnavailable):
            ask()
    assert away._breaker.is_open
    assert time.monotonic() - began < 2
