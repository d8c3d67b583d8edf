"""The hub of one process: passes signals to the streams that listen to their topics."""

import os
import random
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

import structlog

from .presence import BEAT, Presence
from .streams import Streams
from .subscription import EVERYTHING, Subscription

log = structlog.get_logger(__name__)


class HubFull(Exception):
    """No more streams can be opened, by this person or by anyone."""


class Hub(Streams):
    """The open streams, with what opens, closes and notifies them."""

    def __init__(self, places: int) -> None:
        super().__init__(places)
        self.reaper = Reaper(self)
        self.presence = Presence(self)

    def open(
        self,
        topics: Iterable[str],
        owner: str,
        rights: str | None = None,
        age: float | None = None,
        connection: Any = None,
    ) -> Subscription:
        """Open a stream for these topics, starting with their signals of the last `age` seconds.

        The stream counts for `owner`. On the signal `rights` it checks its rights again. Raises
        HubFull.
        """
        subscription = Subscription(topics, owner, rights, connection)
        if not self.add(subscription):
            self.reaper.look()
            if not self.add(subscription):
                raise HubFull
        if age is not None:
            self.catch_up(subscription, age)
        self.reaper.start()
        return subscription

    def publish(self, name: str) -> None:
        """Send the signal to all listeners, in every process."""
        self.deliver(name)

    def deliver(self, name: str) -> None:
        """Send the signal to the streams of this process."""
        for subscription in self.record(name):
            subscription.notify(name)

    def refetch_all(self) -> None:
        """Make every page fetch everything again: some signals were missed."""
        with self._lock:
            self.recent_signals.begin()
        for subscription in self.subscriptions():
            subscription.notify(EVERYTHING)


class Reaper:
    """The thread that manages a process's streams, started by the first one.

    It closes streams whose browser has left, or all when the process stops. It also runs the beats
    of presence.
    """

    SECONDS = 1.0

    def __init__(self, hub: "Hub") -> None:
        self._hub = hub
        self._process: int | None = None
        self._lock = threading.Lock()
        #: Whether this process is stopping: streams would delay it.
        self.stopping: Callable[[], bool] = lambda: False

    def start(self) -> None:
        """Start the thread, once for each process."""
        with self._lock:
            if self._process == os.getpid():
                return
            self._process = os.getpid()
        threading.Thread(target=self._rounds, name="live-reaper", daemon=True).start()

    def look(self) -> None:
        """Close abandoned streams, or all if the process is stopping."""
        stopping = self.stopping()
        for subscription in self._hub.subscriptions():
            if stopping or subscription.is_abandoned():
                self._hub.close(subscription)

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
                log.exception("live_reaper_failed")
