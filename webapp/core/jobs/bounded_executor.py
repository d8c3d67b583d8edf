"""What takes much memory and a whole core is done by few threads; who would have to wait long is
told so at once.

glibc gives every thread an arena of its own, in which memory that was freed stays: with 24 threads
that each took 19 MB once, a process keeps half a gigabyte.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from threading import Lock
from typing import Any, TypeVar

Found = TypeVar("Found")

#: Seconds that one caller waits at most.
PATIENCE = 10


class Busy(Exception):
    """Too many ask for the same: to be tried again in so many seconds."""

    retry_after = 2


class BoundedExecutor:
    """So many threads work at once, for so many more callers who wait."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix="few")
        self._places = at_once + waiting
        self._inside = 0
        self._lock = Lock()

    def call(self, function: Callable[..., Found], *args: Any) -> Found:
        """What the function returns or raises, called in one of the few threads. Raises Busy."""
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
