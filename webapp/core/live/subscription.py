"""One stream's mailbox of signals: ordered, without duplicates, bounded.

And the stream itself, as text/event-stream.
"""

import random
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import structlog

from ..sockets import peek

log = structlog.get_logger(__name__)

#: Sent instead of names: anything may have changed, so fetch every fragment again.
EVERYTHING = "*"


class Subscription:
    """One stream's mailbox.

    A reader that is too slow loses names and gets EVERYTHING instead.
    """

    MOST = 32

    def __init__(
        self, topics: Iterable[str], owner: str, rights: str | None = None, connection: Any = None
    ) -> None:
        self.topics = frozenset(topics)
        self.owner = owner
        self.rights = rights
        self.ended = False
        #: the reader's account id, the topics that show presence, and whether the reader is shown
        #: there
        self.person, self.places, self.is_shown = "", frozenset[str](), False
        self._connection = connection
        self._pending: dict[str, None] = {}
        self._recheck = False
        self._changed = threading.Condition()

    def notify(self, name: str) -> None:
        """Queue `name` for the stream, or make it check its rights.

        It also does so if it may have missed something.
        """
        with self._changed:
            if name in (self.rights, EVERYTHING):
                self._recheck = True
            if name == EVERYTHING or len(self._pending) >= self.MOST:
                self._pending = {EVERYTHING: None}
            elif name != self.rights and EVERYTHING not in self._pending:
                self._pending[name] = None
            self._changed.notify()

    def set_places(self, person: str, places: Iterable[str], is_shown: bool) -> None:
        """Set which topics the account `person` is at, and whether others see them there."""
        self.person, self.places, self.is_shown = person, frozenset(places), is_shown

    def end(self) -> None:
        """End the stream; nothing more is sent."""
        with self._changed:
            self.ended = True
            self._changed.notify()

    def wait(self, seconds: float) -> tuple[list[str], bool]:
        """Wait at most `seconds`; return the names to send and whether to check the rights
        first.
        """
        with self._changed:
            self._changed.wait_for(
                lambda: self._pending or self._recheck or self.ended, max(0, seconds)
            )
            names, recheck = list(self._pending), self._recheck
            self._pending, self._recheck = {}, False
        return names, recheck

    def is_abandoned(self) -> bool:
        """Whether the browser has disconnected.

        A write would show it too late: the kernel accepts the first one after the end.
        """
        if self._connection is None:
            return False
        try:
            number = self._connection.fileno()
        except (OSError, ValueError):
            return True
        return peek(number) == b""


HEARTBEAT = 15  # seconds of silence before a comment keeps the connection alive
#: Milliseconds before a browser reconnects. Spread, in case all were cut off together.
RETRY = (2_000, 8_000)
SIGNED_OUT = "signed-out"


def event(name: str) -> str:
    """Return one message."""
    return f"data: {name}\n\n"


def signed_out_event() -> Iterator[str]:
    """Yield all that a stream sends to a page of someone who is signed out."""
    yield event(SIGNED_OUT)


def events(
    subscription: Subscription, look: Callable[[], frozenset[str] | None], recheck_seconds: float
) -> Iterator[str]:
    """Yield the messages of `subscription` until it ends or its rights do.

    `look()` returns the topics still allowed, or None if the person is signed out. It is called
    every `recheck_seconds`, and when the subscription requires it. If a topic is lost the stream
    ends: the browser reconnects and gets the rest.
    """
    yield f"retry: {random.randint(*RETRY)}\n\n"
    look_at = _soon(recheck_seconds)
    while True:
        names, recheck = subscription.wait(min(HEARTBEAT, look_at - time.monotonic()))
        if subscription.ended:
            return
        if recheck or time.monotonic() >= look_at:
            heard = _looked(look)
            if heard is None:
                yield event(SIGNED_OUT)
            if heard is None or not subscription.topics <= heard:
                return
            look_at = _soon(recheck_seconds)
        yield "".join(map(event, names)) or ":\n\n"


def _soon(seconds: float) -> float:
    """Return a time within `seconds`, spread so that streams which opened together don't check
    together.
    """
    return time.monotonic() + seconds * random.uniform(0.75, 1.0)


def _looked(look: Callable[[], frozenset[str] | None]) -> frozenset[str] | None:
    """Return what `look` does, or nothing if it fails: access that can't be checked isn't
    granted.
    """
    try:
        return look()
    except Exception:
        log.exception("live_recheck_failed")
        return frozenset()
