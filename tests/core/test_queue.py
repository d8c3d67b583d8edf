"""Jobs run after the commit, in this process or through Redis; the clock queues schedules."""

import json
import socket
import threading
import time
import zlib

import pytest
from rq.serializers import JSONSerializer

from tests import parts
from webapp.core.extensions import db
from webapp.core.jobs import housekeeping, queue, redis_queue
from webapp.core.jobs.memory_queue import MemoryQueue
from webapp.core.jobs.redis_queue import LONGEST, NAME, PERFORM, RedisQueue

pytestmark = pytest.mark.any_database


@pytest.fixture
def waiting(app, monkeypatch):
    """An empty queue in this process."""
    monkeypatch.setitem(app.extensions, "queue", MemoryQueue())
    return app.extensions["queue"]


@pytest.fixture
def done(monkeypatch):
    """The values that the job `note` has noted; the job `fail` fails."""
    noted = []

    def fail():
        raise ValueError("ana@example.org")

    monkeypatch.setitem(queue.JOBS, "note", noted.append)
    monkeypatch.setitem(queue.JOBS, "fail", fail)
    return noted


def begin():
    db.session.connection()


def test_a_job_waits_for_the_commit(app, context, waiting, done):
    begin()
    queue.enqueue("note", 1)
    assert queue.drain(app) == 0
    db.session.commit()
    assert queue.drain(app) == 1
    assert done == [1]


def test_a_job_is_dropped_when_its_transaction_rolls_back(app, context, waiting, done):
    begin()
    queue.enqueue("note", 1)
    db.session.rollback()
    db.session.commit()

    assert queue.drain(app) == 0


def test_a_job_id_is_queued_once_and_can_be_reused(app, context, waiting, done):
    for number in (1, 2):
        begin()
        queue.enqueue("note", number, job_id="note-x")
        db.session.commit()
    queue.drain(app)
    waiting.put("note", (3,), "note-x")
    queue.drain(app)

    assert done == [1, 3]


def test_a_job_that_fails_does_not_stop_the_next(app, waiting, done):
    waiting.put("fail", ())
    waiting.put("note", (1,))

    assert queue.drain(app) == 2
    assert done == [1]


def test_every_schedule_is_queued_once_per_interval(app, waiting, monkeypatch):
    monkeypatch.setattr(queue, "SCHEDULES", {"note": 10})
    last = {}
    for now in (100.0, 101.2, 109.9, 110.0):
        monkeypatch.setattr(queue.time, "time", lambda now=now: now)
        queue.tick(app, last)

    assert list(waiting._jobs) == ["note-10", "note-11"]


def test_a_schedule_that_could_not_be_queued_is_tried_again(app, monkeypatch):
    monkeypatch.setitem(app.extensions, "queue", RedisQueue("redis://127.0.0.1:1"))
    monkeypatch.setattr(queue, "SCHEDULES", {"note": 86400})
    last = {}
    queue.tick(app, last)
    assert last == {}


def test_the_housekeeping_thread_runs_jobs_and_schedules(app, waiting, monkeypatch):
    ran, ticked = threading.Event(), threading.Event()
    monkeypatch.setitem(queue.JOBS, "run", ran.set)
    monkeypatch.setitem(queue.JOBS, "tick", ticked.set)
    monkeypatch.setitem(queue.JOBS, "fail", lambda: 1 / 0)
    monkeypatch.setattr(queue, "SCHEDULES", {"tick": 1})
    thread = housekeeping.start(app)
    try:
        assert housekeeping.start(app) is thread
        waiting.put("fail", ())
        waiting.put("run", ())
        assert ran.wait(30)
        assert ticked.wait(30)
    finally:
        thread.stop()
    assert not thread.is_alive()


def test_redis_queues_serialize_jobs_as_json():
    assert RedisQueue("redis://127.0.0.1:1").queue.serializer is JSONSerializer


def test_an_unreachable_redis_is_tried_once_then_skipped():
    with socket.create_server(("127.0.0.1", 0)) as hole:  # it listens, and never answers
        away = RedisQueue(f"redis://127.0.0.1:{hole.getsockname()[1]}")
        assert [away.put("note", (number,)) for number in range(50)] == [False] * 50
        hole.settimeout(0.1)
        hole.accept()[0].close()
        with pytest.raises(TimeoutError):
            hole.accept()


@pytest.fixture
def in_redis(redis):
    """The queue in that Redis."""
    return RedisQueue(parts.redis_url(parts.QUEUE))


@pytest.mark.services
def test_jobs_in_redis_are_json(redis, in_redis):
    in_redis.put("note", ("x", 1), "note-x")

    function, instance, args, options = json.loads(
        zlib.decompress(redis.hget("rq:job:note-x", "data"))
    )
    assert (function, instance, args, options) == (PERFORM, None, ["note", "x", 1], {})
    assert in_redis.worker().serializer is JSONSerializer
    assert [q.serializer for q in in_redis.worker().queues] == [JSONSerializer]


@pytest.mark.services
def test_a_job_id_is_taken_while_queued_and_free_afterwards(app, redis, in_redis, done):
    for number in (1, 2):
        assert in_redis.put("note", (number,), "note-x")
    assert redis.llen(f"rq:queue:{NAME}") == 1

    with app.app_context():
        in_redis.worker().work(burst=True, logging_level="ERROR")
    assert not redis.exists("rq:job:note-x")
    in_redis.put("note", (3,), "note-x")
    assert redis.llen(f"rq:queue:{NAME}") == 1


@pytest.mark.services
def test_two_clocks_queue_a_schedule_once_even_after_it_has_run(
    app, redis, in_redis, done, monkeypatch
):
    monkeypatch.setitem(app.extensions, "queue", in_redis)
    monkeypatch.setitem(queue.JOBS, "note.tick", lambda: None)
    monkeypatch.setattr(queue, "SCHEDULES", {"note.tick": 3600})
    first, second = {}, {}
    queue.tick(app, first)
    with app.app_context():
        in_redis.worker().work(burst=True, logging_level="ERROR")
    queue.tick(app, second)

    assert first == second
    assert redis.llen(f"rq:queue:{NAME}") == 0


@pytest.mark.services
def test_long_jobs_have_a_longer_timeout(app, redis, in_redis, context, monkeypatch):
    monkeypatch.setitem(app.extensions, "queue", in_redis)
    begin()
    for name in ("privacy.pack", "mail.deliver"):
        queue.enqueue(name, "x", job_id=name)
    db.session.commit()

    assert {job.description: job.timeout for job in in_redis.queue.jobs} == {
        "privacy.pack": 30 * 60,
        "mail.deliver": LONGEST,
    }
    assert app.config["MAIL_LEASE_SECONDS"] > LONGEST


@pytest.mark.services
@pytest.mark.parametrize(("longest", "ends"), [(0, "ended"), (60, "done")])
def test_a_job_stops_after_its_own_timeout(app, redis, in_redis, done, monkeypatch, longest, ends):
    """A job of a second and a half, where other jobs have one."""
    monkeypatch.setattr(redis_queue, "LONGEST", 1)
    monkeypatch.setitem(queue.JOBS, "slow", lambda: (time.sleep(1.5), redis.set("slow", "done")))
    in_redis.put("slow", (), "slow", longest=longest)

    with app.app_context():
        in_redis.worker().work(burst=True, logging_level="CRITICAL")

    assert (redis.get("slow") == b"done") == (ends == "done")
