"""Where tries are counted: in Redis, for all processes together; in this process without it or while it is away."""

from typing import Any

import structlog
from limits.storage import MemoryStorage, MovingWindowSupport, RedisStorage, Storage
from redis.exceptions import RedisError

from ..patience import Patience, patient

log = structlog.get_logger(__name__)

#: What limits of Flask-Limiter are configured with; the class below answers to it.
SCHEME = "folkmoot"


class Counters(Storage, MovingWindowSupport):
    """Counts go on whatever happens to Redis: each process then counts for itself."""

    STORAGE_SCHEME = [SCHEME]
    base_exceptions = (RedisError, OSError)

    def __init__(self, uri: str, redis_url: str = "", patience: Patience | None = None, **options: Any) -> None:
        super().__init__(uri, **options)
        self._own = MemoryStorage()
        self._shared = RedisStorage(redis_url, connection_pool=patient(redis_url).connection_pool) if redis_url else None
        self._patience = patience or Patience()

    def _ask(self, what: str, *args: Any) -> Any:
        if self._shared is not None and not self._patience.is_over:
            try:
                return getattr(self._shared, what)(*args)
            except self.base_exceptions as error:
                self._patience.lose()
                log.warning("limits_counted_here", error=type(error).__name__)
        return getattr(self._own, what)(*args)

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """So many more since the key's first; returns how many that makes."""
        return int(self._ask("incr", key, expiry, amount))

    def get(self, key: str) -> int:
        """How many there have been."""
        return int(self._ask("get", key))

    def get_expiry(self, key: str) -> float:
        """When the key is forgotten."""
        return float(self._ask("get_expiry", key))

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Whether there is room for one more in the last `expiry` seconds, which it takes."""
        return bool(self._ask("acquire_entry", key, limit, expiry, amount))

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """(when the oldest of the last `expiry` seconds was, how many there are)."""
        start, number = self._ask("get_moving_window", key, limit, expiry)
        return float(start), int(number)

    def check(self) -> bool:
        """Counting never fails."""
        return True

    def reset(self) -> int | None:
        """Nothing is remembered."""
        self._ask("reset")
        return self._own.reset()

    def clear(self, key: str) -> None:
        """The key is forgotten."""
        self._ask("clear", key)
