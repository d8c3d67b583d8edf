"""The servers for tests that scripts/services.py started.

A test that needs a server which isn't running fails at once, and says how to start it.
"""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from urllib.parse import urlsplit

import pytest
from redis import Redis

#: The purposes of a worker's Redis databases. SITE belongs to the site that browsers visit during a
#: whole run, and MAIL to the one that tests/mail starts: its worker would take a test's jobs, and
#: no test may empty it. Redis has sixteen databases by default: enough for four workers. Ours has
#: more.
SITE, OTHER, QUEUE, MAIL = range(4)
HOW = (
    "Start the tests' own servers with\n"
    '    eval "$(python3 scripts/services.py start --keep)"\n'
    "or run what needs none with `make quick` (CONTRIBUTING.md)."
)


def redis_url(purpose: int) -> str:
    """Return the URL of this worker's Redis database for the purpose."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    return f"{_running('TEST_REDIS_URL').removesuffix('/0')}/{worker * 4 + purpose}"


@contextmanager
def empty_redis(purpose: int) -> Iterator[Redis]:
    """Yield a client of this worker's Redis database for the purpose, empty."""
    with Redis.from_url(redis_url(purpose)) as client:
        client.flushdb()
        yield client
        client.flushdb()


def postgresql_url() -> str:
    """Return the URL of the tests' PostgreSQL server, with a database that everyone may use."""
    return _running("TEST_POSTGRESQL_URL")


@cache
def _running(name: str) -> str:
    """The server's URL, once it has accepted a connection."""
    address = os.environ.get(name, "")
    if missing := why_missing(name, address):
        pytest.fail(missing, pytrace=False)
    return address


def why_missing(name: str, address: str) -> str:
    """Return why the server can't be used, and what to do; "" if it accepts connections."""
    server = {"TEST_REDIS_URL": "Redis", "TEST_POSTGRESQL_URL": "PostgreSQL"}[name]
    if not address:
        return f"This test needs {server}, and {name} isn't set. {HOW}"
    url = urlsplit(address)
    try:
        socket.create_connection((url.hostname or "", url.port or 0), timeout=5).close()
    except OSError as error:
        return f"This test needs {server}, and {name} names a server that is away ({error}). {HOW}"
    return ""
