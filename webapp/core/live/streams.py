"""The open streams of one process, by their topics, and the latest signals."""

import threading
import time
from collections import Counter, deque
from collections.abc import Iterable
from itertools import chain

from ..observability import metrics
from .subscription import EVERYTHING, Subscription


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


class Streams:
    """The streams that are open. Each hears the signals whose name is one of its topics, or begins
    with one.

    `places` is how many may be open at once. In `presence` and `Subscription.places`, places are
    topics.
    """

    #: Streams that one person, or one visitor's address, may have open.
    EACH = 6

    def __init__(self, places: int) -> None:
        self.places = places
        self.recent_signals = RecentSignals()
        self._lock = threading.Lock()
        self._subscriptions: dict[str, set[Subscription]] = {}
        self._owners: Counter[str] = Counter()

    def add(self, subscription: Subscription) -> bool:
        """Add the stream if a place is free; return whether it was."""
        with self._lock:
            if self._owners.total() >= self.places or self._owners[subscription.owner] >= self.EACH:
                return False
            self._owners[subscription.owner] += 1
            metrics.streams(+1)
            for topic in _heard(subscription):
                self._subscriptions.setdefault(topic, set()).add(subscription)
            return True

    def catch_up(self, subscription: Subscription, age: float) -> None:
        """Send the stream its signals of the last `age` seconds."""
        with self._lock:
            names = self.recent_signals.last(age)
        for name in [EVERYTHING] if names is None else names:
            if name == EVERYTHING or not subscription.topics.isdisjoint(_above(name)):
                subscription.notify(name)

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

    def record(self, name: str) -> Iterable[Subscription]:
        """Record the signal for streams that open later for pages fetched before; return those that
        hear it now.
        """
        with self._lock:
            self.recent_signals.write(name)
            heard = (self._subscriptions.get(topic, ()) for topic in _above(name))
            return dict.fromkeys(chain.from_iterable(heard))

    def subscriptions(self) -> list[Subscription]:
        """Return every open stream."""
        with self._lock:
            return list(set().union(*self._subscriptions.values()))

    def subscriptions_of(self, topic: str) -> list[Subscription]:
        """Return the open streams that listen to this topic."""
        with self._lock:
            return list(self._subscriptions.get(topic, ()))


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
