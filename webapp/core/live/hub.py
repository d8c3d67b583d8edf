"""The hub of one process: from a signal to the streams that listen to its topic."""

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


class HubFull(Exception):
    """There is no place for one more stream, of this person or at all."""


class Hub:
    """Streams open lines and close them; `publish` reaches every line whose topic is the name or a
    beginning of it.

    `places` is how many may be open at once. The places at which people are (`presence`,
    `Subscription.places`) are topics.
    """

    #: Browsers that one person (or one visitor's address) can have listening.
    EACH = 6

    def __init__(self, places: int) -> None:
        self.places = places
        self.journal = RecentSignals()
        self.watchman = Reaper(self)
        self.presence = Presence(self)
        self._lock = threading.Lock()
        self._lines: dict[str, set[Subscription]] = {}
        self._owners: Counter[str] = Counter()

    def open(
        self,
        topics: Iterable[str],
        owner: str,
        rights: str | None = None,
        age: float | None = None,
        connection: Any = None,
    ) -> Subscription:
        """A line that hears these topics from now on, and what they signalled in the last `age`
        seconds. Raises HubFull.

        `owner` is whose place it takes; upon the signal `rights` the line looks at its rights.
        """
        line = Subscription(topics, owner, rights, connection)
        if not self._take_place(line):
            self.watchman.look()
            if not self._take_place(line):
                raise HubFull
        if age is not None:
            self._catch_up(line, age)
        self.watchman.start()
        return line

    def close(self, line: Subscription) -> None:
        """The line's place is free again; closing twice is once."""
        line.end()
        with self._lock:
            if line not in self._lines.get(_anyone(line), ()):
                return
            for topic in _heard(line):
                self._lines[topic].discard(line)
                if not self._lines[topic]:
                    del self._lines[topic]
            self._owners[line.owner] -= 1
            metrics.streams(-1)
            self._owners += Counter()

    def publish(self, name: str) -> None:
        """Everyone who listens hears `name`, in this process and, where there are more, in each
        of them.
        """
        self.deliver(name)

    def deliver(self, name: str) -> None:
        """The lines of this process hear `name`."""
        with self._lock:
            self.journal.write(name)
            lines = [line for topic in _above(name) for line in self._lines.get(topic, ())]
        for line in dict.fromkeys(lines):
            line.notify(name)

    def note(self, name: str) -> None:
        """Pages that open their stream from now on hear `name`, if they were asked for before."""
        with self._lock:
            self.journal.write(name)

    def refetch_all(self) -> None:
        """Every line is told to fetch everything: for a while nobody kept watch."""
        with self._lock:
            self.journal.begin()
        for line in self.lines():
            line.notify(EVERYTHING)

    def lines(self) -> list[Subscription]:
        """Every open line."""
        with self._lock:
            return list({line for lines in self._lines.values() for line in lines})

    def lines_of(self, topic: str) -> list[Subscription]:
        """The open lines that asked for this topic."""
        with self._lock:
            return list(self._lines.get(topic, ()))

    def _take_place(self, line: Subscription) -> bool:
        with self._lock:
            if self._owners.total() >= self.places or self._owners[line.owner] >= self.EACH:
                return False
            self._owners[line.owner] += 1
            metrics.streams(+1)
            for topic in _heard(line):
                self._lines.setdefault(topic, set()).add(line)
            return True

    def _catch_up(self, line: Subscription, age: float) -> None:
        with self._lock:
            names = self.journal.last(age)
        for name in [EVERYTHING] if names is None else names:
            if name == EVERYTHING or not line.topics.isdisjoint(_above(name)):
                line.notify(name)


def _heard(line: Subscription) -> frozenset[str]:
    return line.topics | ({line.rights} if line.rights else set())


def _anyone(line: Subscription) -> str:
    return next(iter(_heard(line)), "")


def _above(name: str) -> list[str]:
    """`event:42:rsvps` is heard by who listens to `event:42:rsvps` and by who listens to
    `event:42`.
    """
    parts = name.split(":")
    return [":".join(parts[:length]) for length in range(2, len(parts) + 1)]


class Reaper:
    """The one thread of a process that manages its streams, from the first stream on.

    Who has hung up gives the place back; who stops serving sends all home. It also beats the time
    of presence.
    """

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
