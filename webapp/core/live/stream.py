"""What a stream says, line by line, as text/event-stream."""

import random
import time
from collections.abc import Callable, Iterator

import structlog

from .subscription import Subscription

log = structlog.get_logger(__name__)

HEARTBEAT = 15  # seconds of silence after which a comment shows that the line stands
#: Milliseconds that a browser waits before it calls again: not all together, when all were cut off.
RETRY = (2_000, 8_000)
SIGNED_OUT = "signed-out"


def event(name: str) -> str:
    """One message."""
    return f"data: {name}\n\n"


def farewell() -> Iterator[str]:
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
