"""How long a request waits for Redis: at most 0.3 seconds in all, and not at all while Redis is known to be away."""

import time
from functools import cache
from typing import Any

import structlog
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError, TimeoutError
from redis.retry import Retry

log = structlog.get_logger(__name__)

SECONDS = 0.3
#: So long after a failure nobody in this process asks again: the queue, the limits and the signals of one request wait once.
PAUSE = 5.0


class LeftAlone(ConnectionError):
    """Redis did not answer a moment ago, and was not asked this time."""


class Patience(Retry):
    """Tries once. What failed to reach Redis is not tried by anybody else who shares this patience until PAUSE is over."""

    def __init__(self) -> None:
        super().__init__(NoBackoff(), 0)
        self._away_until = 0.0

    def call_with_retry(self, do: Any, fail: Any, *args: Any, **more: Any) -> Any:
        """What `do` returns. Raises LeftAlone during a pause, and what went wrong when Redis fails now."""
        if time.monotonic() < self._away_until:
            raise LeftAlone("Redis was away a moment ago")
        try:
            return super().call_with_retry(do, fail, *args, **more)
        except LeftAlone:
            raise
        except (ConnectionError, TimeoutError, OSError) as error:
            self._away_until = time.monotonic() + PAUSE
            log.warning("redis_away", error=type(error).__name__)
            raise

    def __deepcopy__(self, memo: Any) -> "Patience":
        """Every connection gets a copy of its own from redis-py; this one is shared on purpose."""
        return self


@cache
def _shared(url: str) -> Patience:
    return Patience()


def options(url: str) -> dict[str, Any]:
    """What a Redis client for requests is made with."""
    return {"socket_connect_timeout": SECONDS, "socket_timeout": SECONDS, "retry": _shared(url)}


def patient(url: str) -> Redis:
    """A connection for requests."""
    return Redis.from_url(url, **options(url))
