"""One thread a process manages its streams: who has hung up gives the place back; who stops
serving sends all home.

It also beats the time of presence.
"""

import os
import random
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import structlog

from .presence import BEAT

if TYPE_CHECKING:
    from .hub import Hub

log = structlog.get_logger(__name__)


class Reaper:
    """Goes round once a second, from the first stream on."""

    SECONDS = 1.0

    def __init__(self, hub: "Hub") -> None:
        self._hub = hub
        self._process: int | None = None
        self._lock = threading.Lock()
        #: Whether this process has been told to stop: a stream would hold it up.
        self.stopping: Callable[[], bool] = lambda: False

    def start(self) -> None:
        """The thread runs in this process."""
        with self._lock:
            if self._process == os.getpid():
                return
            self._process = os.getpid()
        threading.Thread(target=self._rounds, name="live-watchman", daemon=True).start()

    def look(self) -> None:
        """Lines without a browser at their end, or all when the process stops, are closed."""
        stopping = self.stopping()
        for line in self._hub.lines():
            if stopping or line.is_abandoned():
                self._hub.close(line)

    def _rounds(self) -> None:
        next_beat = time.monotonic() + BEAT * random.random()
        while True:
            time.sleep(self.SECONDS)
            try:
                self.look()
                if time.monotonic() >= next_beat:
                    next_beat = time.monotonic() + BEAT - self.SECONDS
                    self._hub.presence.beat()
            except Exception:
                log.exception("live_watchman_failed")
