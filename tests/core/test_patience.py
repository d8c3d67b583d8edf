"""A request waits for Redis once, whatever it wants of it: the queue, the signals and the limits share their patience."""

import builtins
import socket
import time

import pytest
from flask import Flask
from redis.exceptions import ConnectionError, ResponseError, TimeoutError

from webapp.core import limits, patience
from webapp.core.live.redis_hub import RedisHub
from webapp.core.redis_queue import RedisQueue


@pytest.fixture
def hole():
    """Something that takes connections and never answers; its address, and how many have come since the last look."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)

        def callers():
            number = 0
            while True:
                try:
                    server.accept()[0].close()
                except builtins.TimeoutError:
                    return number
                number += 1

        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0", callers


def ask_everything(url):
    """What one request may want of Redis, and how the limits ask for theirs."""
    RedisQueue(url).put("note", ())
    RedisHub(1, url).publish("event:1:rsvps")
    with pytest.raises((ConnectionError, TimeoutError)):
        patience.patient(url).incr("limit")


def test_one_request_waits_once(hole):
    url, callers = hole
    ask_everything(url)

    assert callers() == 1


def test_control_without_sharing_it_waits_three_times(hole, monkeypatch):
    monkeypatch.setattr(patience, "_shared", lambda url: patience.Patience())
    url, callers = hole
    ask_everything(url)

    assert callers() == 3


def test_after_the_pause_redis_is_asked_again(hole, monkeypatch):
    monkeypatch.setattr(patience, "PAUSE", 0.0)
    url, callers = hole
    ask_everything(url)

    assert callers() == 3


def test_nobody_is_asked_twice_and_nobody_waits_long():
    options = patience.options("redis://127.0.0.1:1/0")

    assert (options["socket_connect_timeout"], options["socket_timeout"], options["retry"].get_retries()) == (0.3, 0.3, 0)
    assert patience.options("redis://127.0.0.1:1/0")["retry"] is options["retry"]


def test_the_limits_share_it_too(monkeypatch):
    given = {}
    monkeypatch.setattr(limits.limiter, "init_app", lambda app: given.update(app.config["RATELIMIT_STORAGE_OPTIONS"]))
    app = Flask("limits")
    app.config["REDIS_URL"] = url = "redis://127.0.0.1:1/5"
    limits.init_app(app)

    assert given["retry"] is patience.options(url)["retry"]


def test_a_wrong_command_is_no_absence():
    shared = patience.Patience()

    def refuse():
        raise ResponseError("OOM command not allowed")

    with pytest.raises(ResponseError):
        shared.call_with_retry(refuse, lambda error: None)
    assert shared.call_with_retry(lambda: "PONG", lambda error: None) == "PONG"
    assert time.monotonic() > shared._away_until
