"""The exit code of `flask worker` says whether it was stopped or gave up."""

import os
import signal

import pytest

from scripts import services
from tests.processes import children, eventually, running
from webapp.core.jobs.redis_queue import TICKED

pytestmark = pytest.mark.services


@pytest.fixture
def redis(tmp_path):
    """(process id, URL) of this test's own Redis, which it may stop."""
    folder = tmp_path / "redis"
    folder.mkdir()
    pid, address = services.start_redis(folder)
    yield pid, address
    os.kill(pid, signal.SIGCONT)
    services.end(pid, signal.SIGKILL)


@pytest.fixture
def environment(redis, tmp_path):
    """The worker's settings."""
    secret = "a key for tests only, long enough and plain"
    return {
        "REDIS_URL": redis[1],
        "INSTANCE": str(tmp_path),
        "SECRET_KEY": secret,
        "log": tmp_path / "worker.log",
    }


def is_listening(environment):
    """Return whether the worker waits for jobs, and handles signals."""
    from redis import Redis

    with Redis.from_url(environment["REDIS_URL"]) as connection:
        # RQ registers a worker, then handles signals, then marks it as idle
        return eventually(
            lambda: (
                [connection.hget(key, "state") for key in connection.smembers("rq:workers")]
                == [b"idle"]
            )
        )


def test_a_stopped_worker_exits_with_0(environment):
    with running("worker", **environment) as worker:
        assert is_listening(environment)
        worker.send_signal(signal.SIGTERM)

        assert worker.wait(90) == 0, environment["log"].read_text()


def test_a_worker_with_a_clock_runs_schedules_and_both_stop_together(environment):
    from redis import Redis

    with running("worker", "--clock", **environment) as worker:
        assert is_listening(environment)
        with Redis.from_url(environment["REDIS_URL"]) as connection:
            assert eventually(lambda: connection.exists(TICKED))
        (clock, *_jobs) = children(worker.pid)
        worker.send_signal(signal.SIGTERM)

        assert worker.wait(90) == 0, environment["log"].read_text()
        assert eventually(lambda: not os.path.exists(f"/proc/{clock}"))


def test_a_worker_whose_clock_dies_exits_with_1(environment):
    with running("worker", "--clock", **environment) as worker:
        assert is_listening(environment)
        os.kill(children(worker.pid)[0], signal.SIGKILL)

        assert worker.wait(90) == 1
    assert "its clock did" in environment["log"].read_text()


@pytest.mark.deep
def test_a_worker_that_gives_up_on_a_silent_redis_exits_with_an_error(redis, environment):
    log = environment["log"]
    with running("worker", **environment) as worker:
        assert is_listening(environment)
        os.kill(redis[0], signal.SIGSTOP)
        assert eventually(lambda: "quitting" in log.read_text() or worker.poll() is not None, 60), (
            log.read_text()
        )
        os.kill(redis[0], signal.SIGCONT)

        assert worker.wait(30) == 1
    assert "The worker stopped" in log.read_text()
