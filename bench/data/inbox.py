"""The inboxes: every person's last lines, three of them unread."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from . import events
from .sizes import Size
from .values import Rows, numbered, row_id, text

LINE = ("id", "user_id", "kind", "scope", "about", "label", "url", "read_at", "created_at")
UNREAD = 3


def tables(size: Size, base: datetime) -> Iterator[Rows]:
    """One table of lines."""
    yield Rows("notification", LINE, numbered(_lines(size, base), "notification"))


def _lines(size: Size, base: datetime) -> Iterator[tuple[Any, ...]]:
    for person in range(size.people):
        owner = row_id("user", person)
        for turn in range(size.inbox_each):
            event = (person * 17 + turn) % size.events
            moment = text(base - timedelta(days=turn + 1))
            about, path = f"Event {event}", f"/events/{events.slug_of(event)}"
            read = None if turn < UNREAD else moment
            yield (owner, "event.changed", f"event:{event}", about, f"{about} has a new time or place.", path, read, moment)
