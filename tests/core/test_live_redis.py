"""The hub of several processes on a real Redis, and without it."""

import subprocess
import sys
import threading
import time

import pytest
from redis import Redis

from tests import parts
from webapp.core.live.redis_hub import RedisHub
from webapp.core.redis_client import CircuitBreaker

PUBLISHER = """
import sys
from webapp.core.live.redis_hub import RedisHub
hub = RedisHub(1, sys.argv[1])
for name in sys.argv[2:]:
    hub.publish(name)
"""
PATIENCE = 20  # seconds until a test gives up; never used up if things work


def next_heard(subscription):
    """Return the next names, as soon as they arrive."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        names, _recheck = subscription.wait(PATIENCE)
        if names:
            return names
    raise AssertionError("nothing was heard")


def connected(hub, topic="event:1"):
    """Return a stream on a hub that is connected to Redis, after the signal that it may have missed
    something.
    """
    subscription = hub.open([topic], "ana")
    assert next_heard(subscription) == ["*"]
    return subscription


def cut_off_listeners(url):
    """End every subscription to this database, but none of parallel tests, which share the
    server.
    """
    redis = Redis.from_url(url)
    here = redis.connection_pool.connection_kwargs["db"]
    for client in redis.client_list(_type="pubsub"):
        if int(client["db"]) == here:
            redis.client_kill_filter(_id=client["id"])


def heard_until(last, subscription):
    heard = next_heard(subscription)
    while last not in heard:
        heard += next_heard(subscription)
    return heard


@pytest.fixture
def url():
    return parts.redis_url(parts.QUEUE)


@pytest.mark.services
def test_signals_of_one_process_reach_the_others_in_order(url):
    subscription = connected(RedisHub(10, url))

    subprocess.run(
        [sys.executable, "-c", PUBLISHER, url, "event:1:rsvps", "event:2", "event:1:last"],
        check=True,
    )

    assert heard_until("event:1:last", subscription) == ["event:1:rsvps", "event:1:last"]


@pytest.mark.services
def test_a_process_receives_its_own_signals_once(url):
    hub = RedisHub(10, url)
    subscription = connected(hub)

    hub.publish("event:1:rsvps")
    hub.publish("event:1:last")

    assert heard_until("event:1:last", subscription) == ["event:1:rsvps", "event:1:last"]


@pytest.mark.services
def test_pages_fetch_everything_after_a_lost_connection(url):
    hub = RedisHub(10, url)
    hub.BACK_OFF = (0.01, 0.01)
    subscription = connected(hub)

    cut_off_listeners(url)

    assert next_heard(subscription) == ["*"]
    hub.publish("event:1:rsvps")
    assert next_heard(subscription) == ["event:1:rsvps"]


@pytest.mark.services
def test_a_page_older_than_the_subscription_fetches_everything(url):
    hub = RedisHub(10, url)
    connected(hub)

    assert hub.open(["event:1"], "ben", age=3600).wait(0)[0] == ["*"]
    assert hub.open(["event:1"], "cem", age=0).wait(0)[0] == []


@pytest.mark.services
def test_databases_of_one_redis_use_different_channels(url):
    other = parts.redis_url(parts.OTHER)

    assert RedisHub(1, url).channel != RedisHub(1, other).channel


@pytest.fixture
def black_hole():
    """The URL of something that accepts connections and never answers."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"


@pytest.mark.parametrize("address", ["redis://127.0.0.1:1/0", None])
def test_without_redis_a_signal_is_delivered_locally_after_one_attempt(
    address, black_hole, monkeypatch
):
    hub = RedisHub(10, address or black_hole)
    monkeypatch.setattr(threading.Thread, "start", lambda thread: None)
    subscription = hub.open(["event:1"], "ana")
    tries = []
    publish = hub._redis.publish
    monkeypatch.setattr(hub._redis, "publish", lambda *what: (tries.append(what), publish(*what)))

    for part in ("a", "b", "c"):
        hub.publish(f"event:1:{part}")

    assert subscription.wait(0)[0] == ["event:1:a", "event:1:b", "event:1:c"]
    assert len(tries) == 1


def test_redis_is_tried_again_after_a_pause(black_hole, monkeypatch):
    hub = RedisHub(10, black_hole)
    monkeypatch.setattr(CircuitBreaker, "PAUSE", 0)
    tries = []

    def fail(*what):
        tries.append(what)
        raise ConnectionError

    monkeypatch.setattr(hub._redis, "publish", fail)
    hub.publish("event:1")
    hub.publish("event:1")

    assert len(tries) == 2
    options = hub._redis.connection_pool.connection_kwargs
    assert (
        options["socket_connect_timeout"],
        options["socket_timeout"],
        options["retry"].get_retries(),
    ) == (0.3, 0.3, 0)
