"""Notifications: a few for everyone, three of them unread, and ten full inboxes in which every
third notification is unread.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from . import events
from .sizes import Size
from .values import Rows, numbered, row_id, text

LINE = (
    *("id", "user_id", "scope", "about", "label", "url", "read_at", "created_at"),
    *("params", "group_id", "channel"),
)
#: Neither words in other languages, nor a group, nor an email.
ALONE = (None, None, "inbox")
UNREAD = 3
#: The people whose inboxes are full, and the step between their unread notifications.
FULL, EVERY = range(11, 21), 3


def tables(size: Size, base: datetime) -> Iterator[Rows]:
    """Yield the notifications."""
    yield Rows("notification", LINE, numbered(_lines(size, base), "notification"))


def _lines(size: Size, base: datetime) -> Iterator[tuple[Any, ...]]:
    for person in range(size.people):
        owner = row_id("user", person)
        is_full = person in FULL
        for turn in range(size.inbox_full if is_full else size.inbox_each):
            event = (person * 17 + turn) % size.events
            moment = text(
                base - timedelta(minutes=30 * (turn + 1))
                if is_full
                else base - timedelta(days=turn + 1)
            )
            about, path = f"Event {event}", f"/events/{events.slug_of(event)}"
            read = None if (turn % EVERY == 0 if is_full else turn < UNREAD) else moment
            yield (
                owner,
                f"event:{event}",
                about,
                f"{about} has a new time or place.",
                path,
                read,
                moment,
                *ALONE,
            )
