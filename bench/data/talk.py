"""Two threads of the big group: one with 1,000 replies and one with ten."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from .sizes import Size
from .values import Rows, numbered, row_id, text

#: thread -> number of replies
LONG, SHORT = 0, 1
REPLIES = {LONG: 1000, SHORT: 10}
WORDS = (
    "I was there and **it still squeaks**, however much oil we give it.\n\n> Who has the "
    "key?\n\nNot me: ask at the hall."
)

THREAD = ("group_id", "author_id", "title", "last_number", "reply_count", "last_at", "created_at")
REPLY = ("thread_id", "number", "author_id", "answers", "created_at")


def path_of(thread: int) -> str:
    """Return the path of a thread."""
    return f"/groups/group-0/conversation/{UUID(row_id('thread', thread))}"


def topic_of(thread: int) -> str:
    """Return the topic to which the streams of its pages subscribe."""
    return f"thread:{UUID(row_id('thread', thread))}"


def title_of(thread: int) -> str:
    """Return the title of a thread."""
    return f"The gate, told in {REPLIES[thread]} replies"


def tables(size: Size, base: datetime) -> Iterator[Rows]:
    """Yield the threads with their posts and texts."""
    yield Rows(
        "thread", ("id", *THREAD), numbered((_thread(thread, base) for thread in REPLIES), "thread")
    )
    places = [(thread, number) for thread, count in REPLIES.items() for number in range(count + 1)]
    yield Rows(
        "reply", ("id", *REPLY), numbered((_reply(*place, size, base) for place in places), "reply")
    )
    words = (
        (row_id("reply", place), row_id("user", number % size.drivers), _when(number, base))
        for place, (_thread_number, number) in enumerate(places)
    )
    yield Rows(
        "reply_version",
        ("id", "reply_id", "by_id", "created_at"),
        numbered(words, "reply_version"),
    )


def _thread(thread: int, base: datetime) -> tuple[Any, ...]:
    count = REPLIES[thread]
    named = (row_id("group", 0), row_id("user", 0), title_of(thread), count, count)
    return (*named, _when(count, base), _when(0, base))


def _reply(thread: int, number: int, size: Size, base: datetime) -> tuple[Any, ...]:
    answers = number - 1 if number % 5 == 0 and number > 1 else None
    return (
        row_id("thread", thread),
        number,
        row_id("user", number % size.drivers),
        answers,
        _when(number, base),
    )


def _when(number: int, base: datetime) -> str:
    return text(base - timedelta(days=60) + timedelta(minutes=30 * number))
