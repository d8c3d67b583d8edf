"""Where a test finds the servers that scripts/services.py started.

A test that needs a server which doesn't run fails at once, and says how to start it.
"""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from urllib.parse import urlsplit

import pytest
from redis import Redis

#: What the databases of a worker are for. SITE belongs to the site that browsers visit for a whole
#: run, and MAIL to the one that tests/mail starts: its worker would take a test's jobs, and no test
#: may empty it. Redis comes with sixteen: enough for four workers, ours
#: has more.
SITE, OTHER, QUEUE, MAIL = range(4)
HOW = (
    "Start the tests' own servers with\n"
    '    eval "$(python3 scripts/services.py start --keep)"\n'
    "or run what needs none with `make quick` (CONTRIBUTING.md)."
)


def redis_url(purpose: int) -> str:
    """The address of this worker's Redis database for the purpose."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    return f"{_running('TEST_REDIS_URL').removesuffix('/0')}/{worker * 4 + purpose}"


@contextmanager
def empty_redis(purpose: int) -> Iterator[Redis]:
    """A client of this worker's Redis database for the purpose, with nothing in it."""
    with Redis.from_url(redis_url(purpose)) as client:
        client.flushdb()
        yield client
        client.flushdb()


def postgresql_url() -> str:
    """The address of the tests' PostgreSQL server, with a database that everyone may use."""
    return _running("TEST_POSTGRESQL_URL")


@cache
def _running(name: str) -> str:
    """The server's address, once it has accepted a connection."""
    address = os.environ.get(name, "")
    if missing := why_missing(name, address):
        pytest.fail(missing, pytrace=False)
    return address


def why_missing(name: str, address: str) -> str:
    """Why no test can use the server, and what to do; nothing if it accepts connections."""
    server = {"TEST_REDIS_URL": "Redis", "TEST_POSTGRESQL_URL": "PostgreSQL"}[name]
    if not address:
        return f"This test needs {server}, and {name} isn't set. {HOW}"
    url = urlsplit(address)
    try:
        socket.create_connection((url.hostname or "", url.port or 0), timeout=5).close()
    except OSError as error:
        return f"This test needs {server}, and {name} names a server that is away ({error}). {HOW}"
    return ""
