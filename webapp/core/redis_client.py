"""The Redis client and its circuit breaker: a request waits 0.3 s once, then this process doesn't
try for a while.
"""

import time

from flask import Flask
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

#: Seconds to connect, and to answer.
SECONDS = 0.3


def connect(url: str) -> Redis:
    """Return a client for requests: 0.3 s per call, no retries."""
    return Redis.from_url(
        url, socket_connect_timeout=SECONDS, socket_timeout=SECONDS, retry=Retry(NoBackoff(), 0)
    )


class CircuitBreaker:
    """Whether Redis is worth asking.

    The queue, signals and limits share it: if one of them loses Redis, none tries it.
    """

    PAUSE = 2.0  # seconds

    def __init__(self) -> None:
        self._until = 0.0

    @property
    def is_open(self) -> bool:
        """Whether Redis failed moments ago and shouldn't be tried yet."""
        return time.monotonic() < self._until

    def trip(self) -> None:
        """Record that Redis failed: nobody tries it for PAUSE seconds."""
        self._until = time.monotonic() + self.PAUSE


def init_app(app: Flask) -> None:
    """Create the circuit breaker that all requests share."""
    app.extensions["circuit_breaker"] = CircuitBreaker()
