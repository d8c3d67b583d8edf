"""The health of a real site while a part of it is missing: reported correctly and at once."""

import os
import signal
import time
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from scripts import services
from tests import databases, migrated
from tests.blackhole_proxy import Proxy
from tests.mail.postoffice import PostOffice
from tests.parts import postgresql_url
from tests.processes import eventually
from tests.sites import Client, site
from webapp.core.jobs.redis_queue import NAME, PERFORM

pytestmark = pytest.mark.services

TOKEN = "a token for tests"
#: Two seconds, plus what a busy machine takes.
AT_ONCE = 5


@pytest.fixture
def serving(tmp_path):
    """A site with PostgreSQL, its own Redis and a mail server, each of which can be taken away.

    Nothing processes its queue.
    """
    folder = tmp_path / "redis"
    folder.mkdir()
    redis, redis_url = services.start_redis(folder)
    try:
        with (
            databases.on_postgresql(migrated.database("postgresql")) as database,
            PostOffice() as office,
        ):
            way, smtp_proxy = Proxy(database), Proxy(f"smtp://127.0.0.1:{office.port}")
            email = {
                "MAIL_SERVER": "127.0.0.1",
                "MAIL_PORT": smtp_proxy.url.rpartition(":")[2],
                "MAIL_USE_TLS": "no",
            }
            settings = {
                "DATABASE_URL": way.url,
                "REDIS_URL": redis_url,
                "METRICS_TOKEN": TOKEN,
                "WEB_CONCURRENCY": "1",
                **email,
            }
            with site(tmp_path, **settings) as running:
                yield SimpleNamespace(
                    site=running,
                    client=Client(running.url),
                    redis=redis,
                    redis_url=redis_url,
                    way=way,
                    smtp_proxy=smtp_proxy,
                )
                way.swallow()
    finally:
        services.end(redis, signal.SIGKILL)


@pytest.fixture
def whole(serving):
    """The same with a worker and a clock."""
    serving.site.run("worker", "flask", "worker")
    serving.site.run("clock", "flask", "clock")
    return serving


def notified(whole):
    """Return (HTTP status, {part: problem or state}) as a script gets it, at once."""
    started = time.monotonic()
    answer = whole.client.get("/health/status", Authorization=f"Bearer {TOKEN}")
    assert time.monotonic() - started < AT_ONCE
    return answer.status, {
        name: part.get("problem") or part["status"] for name, part in answer.json["parts"].items()
    }


def all_is_well(whole):
    return notified(whole) == (
        200,
        dict.fromkeys(["clock", "database", "files", "mail", "queue", "redis"], "good"),
    )


def is_well_again(whole):
    """Wait until all is well, after restarting a worker that gave up on its Redis, as a supervisor
    would.
    """
    _web, worker, _clock = whole.site.processes
    if worker.poll() is not None:
        whole.site.run("worker", "flask", "worker")
        whole.site.processes[1] = whole.site.processes.pop()
    return all_is_well(whole)


def end(process):
    process.send_signal(signal.SIGTERM)
    process.wait(20)


@pytest.mark.deep
def test_a_missing_worker_clock_or_mail_server_is_reported(whole):
    assert eventually(lambda: all_is_well(whole)), notified(whole)
    _web, worker, clock = whole.site.processes

    end(worker)
    assert eventually(lambda: notified(whole)[1]["queue"] == "no_worker", 10)
    end(clock)
    whole.smtp_proxy.close()
    assert eventually(lambda: notified(whole)[1]["mail"] == "smtp", 20)
    assert eventually(lambda: notified(whole)[1]["clock"] == "stopped", 45)
    assert notified(whole)[0] == 503
    assert whole.client.get("/health/ready").status == 200


@pytest.mark.deep
def test_a_silent_or_full_redis_is_reported_and_pages_load(whole):
    assert eventually(lambda: all_is_well(whole)), notified(whole)

    os.kill(whole.redis, signal.SIGSTOP)
    redis_is_missed(whole)
    os.kill(whole.redis, signal.SIGCONT)
    assert eventually(lambda: is_well_again(whole)), notified(whole)

    with Redis.from_url(whole.redis_url) as redis:
        redis.config_set("maxmemory", "1mb")
        redis_is_missed(whole)
        redis.config_set("maxmemory", "0")
    assert eventually(lambda: is_well_again(whole)), notified(whole)


def test_a_missing_redis_is_reported_and_pages_load(serving):
    assert notified(serving)[1]["redis"] == "good"

    os.kill(serving.redis, signal.SIGKILL)
    parts = redis_is_missed(serving)
    assert parts["queue"] == parts["clock"] == "away"


@pytest.mark.deep
def test_workers_register_again_after_redis_lost_its_data(whole):
    assert eventually(lambda: all_is_well(whole)), notified(whole)
    with Redis.from_url(whole.redis_url) as redis:
        redis.flushall()

    assert eventually(lambda: notified(whole)[1]["queue"] == "good", 40), notified(whole)
    assert eventually(lambda: all_is_well(whole)), notified(whole)


@pytest.mark.deep
def test_a_silent_mail_server_and_a_failing_job_are_reported(whole):
    assert eventually(lambda: all_is_well(whole)), notified(whole)
    whole.smtp_proxy.swallow()
    assert eventually(lambda: notified(whole)[1]["mail"] == "smtp", 20)

    with Redis.from_url(whole.redis_url) as redis:
        Queue(NAME, connection=redis, serializer=JSONSerializer).enqueue(
            PERFORM, "no such job", failure_ttl=60
        )
        assert eventually(lambda: notified(whole)[1]["queue"] == "jobs_failed", 20), notified(whole)


def redis_is_missed(whole):
    """Expect Redis to be reported as missing, and everything else to continue; return the parts as
    reported.
    """
    status, parts = notified(whole)
    assert status == 503
    assert parts["redis"] in {"away", "silent"}
    assert parts["database"] == parts["mail"] == "good"
    started = time.monotonic()
    assert [whole.client.get(path).status for path in ("/health/ready", "/events", "/sign-in")] == [
        200
    ] * 3
    assert time.monotonic() - started < AT_ONCE
    return parts


@pytest.mark.deep
def test_a_missing_database_is_reported_and_the_process_survives(whole):
    assert eventually(lambda: all_is_well(whole)), notified(whole)

    allow(whole.site.settings["DATABASE_URL"], "false")
    database_is_missed(whole)
    allow(whole.site.settings["DATABASE_URL"], "true")
    assert eventually(lambda: all_is_well(whole)), notified(whole)

    whole.way.swallow()
    database_is_missed(whole)


def database_is_missed(whole):
    """Expect the database to be reported as missing, and the process to be alive but not ready."""
    status, parts = notified(whole)
    assert status == 503
    assert parts["database"] in {"away", "silent"}
    assert parts["redis"] == "good"
    started = time.monotonic()
    assert [whole.client.get(path).status for path in ("/health/ready", "/health")] == [503, 200]
    assert time.monotonic() - started < AT_ONCE


def allow(url, whether):
    """Let the database accept connections, or refuse them and end the existing ones."""
    name = sa.make_url(url).database
    engine = sa.create_engine(postgresql_url(), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS {whether}")
        connection.execute(
            sa.text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"),
            {"name": name},
        )
    engine.dispose()
