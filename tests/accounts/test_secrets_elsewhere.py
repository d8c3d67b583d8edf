"""Secrets that were typed aren't in Redis, the outbox or the log of a real site."""

import pytest
import sqlalchemy as sa

from tests import parts
from tests.sites import Client, site

from .conftest import someone

pytestmark = pytest.mark.services

CANARY = "canary otter plinth 91 lamp"
WRONG = "canary wrong plinth 92 lamp"
TOKEN = "canary token 93"


@pytest.fixture
def redis():
    with parts.empty_redis(parts.OTHER) as client:
        yield client


def everything_in(redis):
    """Return every key with its contents."""
    held = []
    for key in redis.keys("*"):
        readers = {
            b"string": redis.get,
            b"hash": redis.hgetall,
            b"list": lambda name: redis.lrange(name, 0, -1),
            b"set": redis.smembers,
            b"zset": lambda name: redis.zrange(name, 0, -1),
        }
        held.append((key, readers[redis.type(key)](key)))
    return repr(held)


def everything_in_the_database(folder):
    engine = sa.create_engine(f"sqlite:///{folder / 'instance' / 'folkmoot.db'}")
    with engine.connect() as connection:
        tables = sa.inspect(engine).get_table_names()
        return "\n".join(
            str(connection.execute(sa.text(f'SELECT * FROM "{name}"')).all()) for name in tables
        )


def test_no_secret_remains_in_redis_the_outbox_or_the_logs(tmp_path, redis):
    settings = {
        "REDIS_URL": parts.redis_url(parts.OTHER),
        "WEB_CONCURRENCY": "1",
        "METRICS_TOKEN": TOKEN,
    }
    with site(tmp_path, **settings) as running:
        client = Client(running.url)
        new = {
            name: value
            for name, value in someone(password=CANARY, password_again=CANARY).items()
            if value
        }
        assert client.submit("/sign-up", **new).status == 200
        for _ in range(7):
            client.submit("/sign-in", name="yuki@example.org", password=WRONG)
        client.submit("/sign-in", name="yuki-tanaka", password=CANARY)
        client.submit("/password/forgotten", email="yuki@example.org")
        client.get("/metrics", Authorization=f"Bearer {TOKEN}")
        client.get("/health/status", Authorization=f"Bearer {TOKEN}x")

        left = {
            "redis": everything_in(redis),
            "database": everything_in_the_database(running.folder),
            "log": running.logs(10**7),
        }

    assert "folkmoot:limit:" in left["redis"]
    assert "rq:job" in left["redis"]
    assert "sign_in.failed" in left["database"]
    assert "sign_ins.create" in left["log"]
    for place, words in left.items():
        for secret in (CANARY, WRONG, TOKEN):
            assert secret not in words, place
    assert "yuki@example.org" not in left["redis"]
    assert "yuki@example.org" not in left["log"]
