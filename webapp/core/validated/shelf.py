"""A bounded memory of pages; the one unused for longest goes first."""

from collections import OrderedDict
from threading import Lock
from typing import Any


class Shelf:
    """At most so many bytes of pages, in this process alone. Safe among threads."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.size = 0
        self._pages: OrderedDict[Any, tuple[Any, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Any) -> Any:
        """What was put under the key last; None when it is gone."""
        with self._lock:
            found = self._pages.get(key)
            if found is None:
                return None
            self._pages.move_to_end(key)
            return found[0]

    def put(self, key: Any, page: Any, size: int) -> None:
        """The page, so many bytes large, is there under the key; others may have gone for it."""
        size += 1000  # its headers
        with self._lock:
            self.size += size - self._pages.pop(key, (None, 0))[1]
            self._pages[key] = page, size
            while self.size > self.most:
                self.size -= self._pages.popitem(last=False)[1][1]
