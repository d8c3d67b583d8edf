"""The hub of one process: passes signals to the streams that listen to their topics."""

import os
import random
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable
from typing import Any

import structlog

from ..observability import metrics
from .presence import BEAT, Presence
from .subscription import EVERYTHING, Subscription

log = structlog.get_logger(__name__)


class RecentSignals:
    """The latest signals with their times. Before the last `begin()` nothing is known."""

    MOST = 2000

    def __init__(self) -> None:
        self._entries: deque[tuple[float, str]] = deque()
        self._since = time.monotonic()

    def begin(self) -> None:
        """Forget all signals: those before now may be incomplete."""
        self._entries.clear()
        self._since = time.monotonic()

    def write(self, name: str) -> None:
        """Record a signal."""
        if len(self._entries) >= self.MOST:
            self._since, _name = self._entries.popleft()
        self._entries.append((time.monotonic(), name))

    def last(self, seconds: float) -> list[str] | None:
        """Return the signals of the last `seconds`, oldest first; None if the record doesn't go
        back so far.
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


class HubFull(Exception):
    """No more streams can be opened, by this person or by anyone."""


class Hub:
    """The open streams. `publish` reaches every stream whose topic is the name or a prefix of it.

    `places` is how many may be open at once. In `presence` and `Subscription.places`, places are
    topics.
    """

    #: Streams that one person, or one visitor's address, may have open.
    EACH = 6

    def __init__(self, places: int) -> None:
        self.places = places
        self.recent_signals = RecentSignals()
        self.reaper = Reaper(self)
        self.presence = Presence(self)
        self._lock = threading.Lock()
        self._subscriptions: dict[str, set[Subscription]] = {}
        self._owners: Counter[str] = Counter()

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
        if not self._take_place(subscription):
            self.reaper.look()
            if not self._take_place(subscription):
                raise HubFull
        if age is not None:
            self._catch_up(subscription, age)
        self.reaper.start()
        return subscription

    def close(self, subscription: Subscription) -> None:
        """Close the stream. Closing it twice has no effect."""
        subscription.end()
        with self._lock:
            if subscription not in self._subscriptions.get(_anyone(subscription), ()):
                return
            for topic in _heard(subscription):
                self._subscriptions[topic].discard(subscription)
                if not self._subscriptions[topic]:
                    del self._subscriptions[topic]
            self._owners[subscription.owner] -= 1
            metrics.streams(-1)
            self._owners += Counter()

    def publish(self, name: str) -> None:
        """Send the signal to all listeners, in every process."""
        self.deliver(name)

    def deliver(self, name: str) -> None:
        """Send the signal to the streams of this process."""
        with self._lock:
            self.recent_signals.write(name)
            subscriptions = [
                subscription
                for topic in _above(name)
                for subscription in self._subscriptions.get(topic, ())
            ]
        for subscription in dict.fromkeys(subscriptions):
            subscription.notify(name)

    def note(self, name: str) -> None:
        """Record the signal for streams that open later for pages fetched before."""
        with self._lock:
            self.recent_signals.write(name)

    def refetch_all(self) -> None:
        """Make every page fetch everything again: some signals were missed."""
        with self._lock:
            self.recent_signals.begin()
        for subscription in self.subscriptions():
            subscription.notify(EVERYTHING)

    def subscriptions(self) -> list[Subscription]:
        """Return every open stream."""
        with self._lock:
            return list(
                {
                    subscription
                    for subscriptions in self._subscriptions.values()
                    for subscription in subscriptions
                }
            )

    def subscriptions_of(self, topic: str) -> list[Subscription]:
        """Return the open streams that listen to this topic."""
        with self._lock:
            return list(self._subscriptions.get(topic, ()))

    def _take_place(self, subscription: Subscription) -> bool:
        with self._lock:
            if self._owners.total() >= self.places or self._owners[subscription.owner] >= self.EACH:
                return False
            self._owners[subscription.owner] += 1
            metrics.streams(+1)
            for topic in _heard(subscription):
                self._subscriptions.setdefault(topic, set()).add(subscription)
            return True

    def _catch_up(self, subscription: Subscription, age: float) -> None:
        with self._lock:
            names = self.recent_signals.last(age)
        for name in [EVERYTHING] if names is None else names:
            if name == EVERYTHING or not subscription.topics.isdisjoint(_above(name)):
                subscription.notify(name)


def _heard(subscription: Subscription) -> frozenset[str]:
    return subscription.topics | ({subscription.rights} if subscription.rights else set())


def _anyone(subscription: Subscription) -> str:
    return next(iter(_heard(subscription)), "")


def _above(name: str) -> list[str]:
    """Return the topics that hear a signal: `event:42:rsvps` is heard by itself and by
    `event:42`.
    """
    parts = name.split(":")
    return [":".join(parts[:length]) for length in range(2, len(parts) + 1)]


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
