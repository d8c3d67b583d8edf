"""Run memory-hungry, CPU-bound calls in few threads, and refuse callers who would wait too long.

glibc gives each thread an arena that keeps freed memory. When 24 threads had each used 19 MB once,
a process kept half a gigabyte.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, TimeoutError as TookTooLong
from threading import Lock
from typing import Any, TypeVar

Found = TypeVar("Found")

#: Seconds that a caller waits at most.
PATIENCE = 10


class Busy(Exception):
    """Too many callers: try again after `retry_after` seconds."""

    retry_after = 2


class BoundedExecutor:
    """`at_once` threads, and at most `waiting` more callers."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix="bounded")
        self._places = at_once + waiting
        self._inside = 0
        self._lock = Lock()

    def call(self, function: Callable[..., Found], *args: Any) -> Found:
        """Call the function in one of the threads; return or raise what it does. Raises Busy."""
        with self._lock:
            if self._inside >= self._places:
                raise Busy
            self._inside += 1
        future = self._pool.submit(function, *args)
        future.add_done_callback(self._leave)
        try:
            return future.result(PATIENCE)
        except TookTooLong:
            future.cancel()
            raise Busy from None

    def _leave(self, _future: Future[Any]) -> None:
        with self._lock:
            self._inside -= 1
