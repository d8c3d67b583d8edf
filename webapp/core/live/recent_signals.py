"""What was signalled lately, so that a page hears what happened between its rendering and its
stream.
"""

import time
from collections import deque


class RecentSignals:
    """The last signals with their moments. `begin()` says: before now, nobody kept watch."""

    MOST = 2000

    def __init__(self) -> None:
        self._entries: deque[tuple[float, str]] = deque()
        self._since = time.monotonic()

    def begin(self) -> None:
        """What was before this moment is not known."""
        self._entries.clear()
        self._since = time.monotonic()

    def write(self, name: str) -> None:
        """`name` was signalled now."""
        if len(self._entries) >= self.MOST:
            self._since, _name = self._entries.popleft()
        self._entries.append((time.monotonic(), name))

    def last(self, seconds: float) -> list[str] | None:
        """What was signalled in so many seconds up to now, oldest first; None where the journal
        does not reach back so far.
        """
        start = time.monotonic() - seconds
        if start < self._since:
            return None
        names: list[str] = []
        for moment, name in reversed(self._entries):
            if moment < start:
                break
            names.append(name)
        return names[::-1]
