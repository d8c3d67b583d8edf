"""Counters for limits: in Redis for all processes, or in this process without Redis or while it is
down.
"""

import threading
from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import uuid4

import structlog
from redis.exceptions import RedisError

from ...redis_client import CircuitBreaker, connect
from ...time.clock import now

log = structlog.get_logger(__name__)

PREFIX = "folkmoot:limit:"
#: Checks and takes in one step, so that parallel requests can't exceed the limit.
_TAKE = """
redis.call('zremrangebyscore', KEYS[1], '-inf', ARGV[1] - ARGV[3])
local taken = redis.call('zcard', KEYS[1])
local is_free = taken < tonumber(ARGV[2])
if is_free then
    redis.call('zadd', KEYS[1], ARGV[1], ARGV[4])
    redis.call('expire', KEYS[1], ARGV[3])
    taken = taken + 1
end
return {is_free and 1 or 0, taken, redis.call('zrange', KEYS[1], 0, 0, 'withscores')[2]}
"""
_ADD = """
local total = redis.call('incrby', KEYS[1], ARGV[2])
if total == tonumber(ARGV[2]) then
    redis.call('expire', KEYS[1], ARGV[1])
end
return total
"""


class Taken(NamedTuple):
    """The state of a key's window: the new entry (None if it was full), the count, the oldest
    entry's time.
    """

    entry: str | None
    number: int
    oldest: float


class MemoryCounters:
    """Counts of this process, under one lock."""

    SWEEP = 60  # seconds between two removals of expired counts

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._windows: dict[str, dict[str, float]] = {}
        self._sums: dict[str, int] = {}
        self._ends: dict[str, float] = {}
        self._swept_at = 0.0

    def take(self, key: str, most: int, seconds: int, entry: str, moment: float) -> Taken:
        """Add an entry to the window of the last `seconds`, unless it has `most`."""
        with self._lock:
            self._sweep(moment)
            over = moment - seconds
            window = {id: at for id, at in self._windows.get(key, {}).items() if at > over}
            is_free = len(window) < most
            if is_free:
                window[entry] = moment
                self._ends[key] = moment + seconds
            self._windows[key] = window
            return Taken(
                entry if is_free else None, len(window), min(window.values(), default=moment)
            )

    def give_back(self, key: str, entry: str) -> None:
        """Remove the entry from the window."""
        with self._lock:
            self._windows.get(key, {}).pop(entry, None)

    def add(self, key: str, seconds: int, amount: int, moment: float) -> int:
        """Add `amount` to the key's sum and return it.

        The sum expires `seconds` after its first entry.
        """
        with self._lock:
            self._sweep(moment)
            if self._ends.get(key, 0.0) <= moment:
                self._sums[key] = 0
                self._ends[key] = moment + seconds
            self._sums[key] += amount
            return self._sums[key]

    def reset(self) -> None:
        """Forget all counts."""
        with self._lock:
            for kept in (self._windows, self._sums, self._ends):
                kept.clear()

    def _sweep(self, moment: float) -> None:
        if abs(moment - self._swept_at) < self.SWEEP:
            return
        self._swept_at = moment
        for key in [key for key, end in self._ends.items() if end <= moment]:
            for kept in (self._windows, self._sums, self._ends):
                kept.pop(key, None)


class RedisCounters:
    """The same counts for all processes. Each method is one call to Redis."""

    def __init__(self, url: str) -> None:
        self._redis = connect(url)
        self._take = self._redis.register_script(_TAKE)
        self._add = self._redis.register_script(_ADD)

    def take(self, key: str, most: int, seconds: int, entry: str, moment: float) -> Taken:
        """Add an entry to the window of the last `seconds`, unless it has `most`."""
        is_free, number, oldest = self._take([PREFIX + key], [moment, most, seconds, entry])
        return Taken(entry if is_free else None, number, float(oldest))

    def give_back(self, key: str, entry: str) -> None:
        """Remove the entry from the window."""
        self._redis.zrem(PREFIX + key, entry)

    def add(self, key: str, seconds: int, amount: int, _moment: float) -> int:
        """Add `amount` to the key's sum and return it.

        The sum expires `seconds` after its first entry.
        """
        return int(self._add([PREFIX + key], [seconds, amount]))

    def reset(self) -> None:
        """Forget all counts."""
        for key in self._redis.scan_iter(f"{PREFIX}*"):
            self._redis.delete(key)


class Counters:
    """Count in Redis; while it is down each process counts for itself."""

    def __init__(self, redis_url: str = "", breaker: CircuitBreaker | None = None) -> None:
        self._own = MemoryCounters()
        self._shared = RedisCounters(redis_url) if redis_url else None
        self._breaker = breaker or CircuitBreaker()

    def take(self, key: str, most: int, seconds: int) -> Taken:
        """Add an entry to the window of the last `seconds`, unless it has `most`."""
        args = (key, most, seconds, uuid4().hex, now().timestamp())
        return self._ask(lambda counts: counts.take(*args))

    def give_back(self, key: str, entry: str) -> None:
        """Remove the entry from the window, in Redis and in this process."""
        self._own.give_back(key, entry)
        self._ask(lambda counts: counts.give_back(key, entry))

    def add(self, key: str, seconds: int, amount: int) -> int:
        """Add `amount` to the key's sum and return it.

        The sum expires `seconds` after its first entry.
        """
        return int(self._ask(lambda counts: counts.add(key, seconds, amount, now().timestamp())))

    def reset(self) -> None:
        """Forget all counts."""
        self._own.reset()
        self._ask(lambda counts: counts.reset())

    def _ask(self, question: Callable[[Any], Any]) -> Any:
        if self._shared is not None and not self._breaker.is_open:
            try:
                return question(self._shared)
            except (RedisError, OSError) as error:
                self._breaker.trip()
                log.warning("limits_counted_here", error=type(error).__name__)
        return question(self._own)
