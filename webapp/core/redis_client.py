"""How long a request waits for Redis: 0.3 s once, and then nobody in this process asks for a
while.
"""

import time

from flask import Flask
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

#: Seconds to connect, and to be answered.
SECONDS = 0.3


def connect(url: str) -> Redis:
    """A connection for requests: Redis answers within 0.3 s or is away, and is not asked twice."""
    return Redis.from_url(
        url, socket_connect_timeout=SECONDS, socket_timeout=SECONDS, retry=Retry(NoBackoff(), 0)
    )


class CircuitBreaker:
    """Whether Redis is worth asking.

    Queue, signals and limits share it: the first that loses it loses it for all of them.
    """

    PAUSE = 2.0  # seconds

    def __init__(self) -> None:
        self._until = 0.0

    @property
    def is_open(self) -> bool:
        """Redis did not answer a moment ago, and need not be asked again yet."""
        return time.monotonic() < self._until

    def trip(self) -> None:
        """Redis did not answer: for PAUSE seconds nobody asks."""
        self._until = time.monotonic() + self.PAUSE


def init_app(app: Flask) -> None:
    """All that asks Redis on behalf of requests shares one circuit breaker."""
    app.extensions["circuit_breaker"] = CircuitBreaker()
