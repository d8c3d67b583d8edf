"""A board of 200 tasks, at the event that everyone answers.

Three of five are to do, one is in progress and one is done. Every second task has an assignee.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from . import events
from .sizes import Size
from .values import Rows, numbered, row_id, text

TASKS = 200
STATES = ("todo", "todo", "todo", "doing", "done")
TASK = ("event_id", "title", "state", "position", "assignee_id", "due_at")


def path() -> str:
    """Return the path of the hosts' board."""
    return f"/events/{events.slug_of(events.HOT)}/manage/tasks"


def title_of(number: int) -> str:
    """Return the title of a task."""
    return f"Carry bench no. {number:03} to the fountain"


def tables(size: Size, base: datetime) -> Iterator[Rows]:
    """Yield the tasks."""
    yield Rows(
        "event_task",
        ("id", *TASK),
        numbered((_task(number, size, base) for number in range(TASKS)), "event_task"),
    )


def _task(number: int, size: Size, base: datetime) -> tuple[Any, ...]:
    who = row_id("user", 1 + number % size.drivers) if number % 2 else None
    due = text(base + timedelta(days=3, hours=number)) if number % 3 else None
    state = STATES[number % len(STATES)]
    return (row_id("event", events.HOT), title_of(number), state, number + 1, who, due)
