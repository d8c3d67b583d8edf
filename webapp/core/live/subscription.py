"""A line from the hub to one stream: what it still has to say, in order, each thing once, and
never too much of it; and how the stream says it, as text/event-stream.
"""

import _socket
import random
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import structlog

log = structlog.get_logger(__name__)

#: Said instead of names: “anything may have changed, fetch every part again”.
EVERYTHING = "*"


class Subscription:
    """One stream's mailbox.

    A reader that is too slow loses names, and is told EVERYTHING instead.
    """

    MOST = 32

    def __init__(
        self, topics: Iterable[str], owner: str, rights: str | None = None, connection: Any = None
    ) -> None:
        self.topics = frozenset(topics)
        self.owner = owner
        self.rights = rights
        self.ended = False
        #: whose page it is (an account's id), those of the topics that say who is there, and
        #: whether the person is shown
        self.person, self.places, self.is_shown = "", frozenset[str](), False
        self._connection = connection
        self._pending: dict[str, None] = {}
        self._recheck = False
        self._changed = threading.Condition()

    def notify(self, name: str) -> None:
        """The stream will say `name`; or look at its rights, which it also does when it may have
        missed something.
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
        """The account with the id `person` is at these of the topics; others see it where the
        person `is_shown`.
        """
        self.person, self.places, self.is_shown = person, frozenset(places), is_shown

    def end(self) -> None:
        """The stream says nothing more and ends."""
        with self._changed:
            self.ended = True
            self._changed.notify()

    def wait(self, seconds: float) -> tuple[list[str], bool]:
        """(what there is to say, whether to look at the rights first), as soon as there is any;
        empty after so many seconds.
        """
        with self._changed:
            self._changed.wait_for(
                lambda: self._pending or self._recheck or self.ended, max(0, seconds)
            )
            names, recheck = list(self._pending), self._recheck
            self._pending, self._recheck = {}, False
        return names, recheck

    def is_abandoned(self) -> bool:
        """Whether the browser has hung up.

        A write would tell only later: the kernel takes the first one after the end.
        """
        if self._connection is None:
            return False
        try:
            number = self._connection.fileno()
            # The plain socket below, so that a peek never waits, under gevent's patches either.
            peek = _socket.socket(socket.AF_INET, socket.SOCK_STREAM, 0, number)
        except (OSError, ValueError):
            return True
        try:
            return peek.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True
        finally:
            peek.detach()


HEARTBEAT = 15  # seconds of silence after which a comment shows that the line stands
#: Milliseconds that a browser waits before it calls again: not all together, when all were cut off.
RETRY = (2_000, 8_000)
SIGNED_OUT = "signed-out"


def event(name: str) -> str:
    """One message."""
    return f"data: {name}\n\n"


def signed_out_event() -> Iterator[str]:
    """All that a stream says to a page of someone who is no longer signed in."""
    yield event(SIGNED_OUT)


def events(
    line: Subscription, look: Callable[[], frozenset[str] | None], recheck_seconds: float
) -> Iterator[str]:
    """The messages of `line` until it ends or its rights do.

    `look()` gives the topics that may still be heard, None when the person is signed out. It is
    asked every so many seconds and whenever the line says so. When a topic was lost the stream
    ends: the browser calls again and gets the rest.
    """
    yield f"retry: {random.randint(*RETRY)}\n\n"
    look_at = _soon(recheck_seconds)
    while True:
        names, recheck = line.wait(min(HEARTBEAT, look_at - time.monotonic()))
        if line.ended:
            return
        if recheck or time.monotonic() >= look_at:
            heard = _looked(look)
            if heard is None:
                yield event(SIGNED_OUT)
            if heard is None or not line.topics <= heard:
                return
            look_at = _soon(recheck_seconds)
        yield "".join(map(event, names)) or ":\n\n"


def _soon(seconds: float) -> float:
    """Spread, so that streams which opened together do not all ask together."""
    return time.monotonic() + seconds * random.uniform(0.75, 1.0)


def _looked(look: Callable[[], frozenset[str] | None]) -> frozenset[str] | None:
    """What `look` says; nothing at all when it fails: who cannot be asked must not be believed."""
    try:
        return look()
    except Exception:
        log.exception("live_recheck_failed")
        return frozenset()
