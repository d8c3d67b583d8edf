"""Values as both databases read them: ids, moments and truth as text."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

KINDS = (
    *("user", "sign_in", "group", "membership", "category", "event", "rsvp", "waitlist_step"),
    *(
        "vote",
        "option",
        "voter",
        "ballot",
        "notification",
        "thread",
        "reply",
        "reply_version",
        "event_task",
    ),
    *("agenda_room", "agenda_track", "speaker", "agenda_session"),
    *("event_file", "picture"),
)
#: The middle of an id: its version, what it is an id of, its variant.
MIDDLES = {kind: f"7{place:03x}8" for place, kind in enumerate(KINDS)}


class Rows(NamedTuple):
    """What goes into one table: the names of the columns and the rows in their order."""

    table: str
    columns: tuple[str, ...]
    rows: Iterable[tuple[Any, ...]]


def row_id(kind: str, number: int) -> str:
    """The id of the row `number` of a table: a UUIDv7 to look at, ordered by number, known
    without asking.
    """
    return f"{1_700_000_000_000 + number:012x}{MIDDLES[kind]}{number:015x}"


def text(moment: datetime) -> str:
    """The moment as SQLite keeps it and PostgreSQL reads it."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def wall_text(moment: datetime) -> str:
    """A wall time, which has no zone."""
    return moment.isoformat(" ", "microseconds")


def numbered(rows: Iterable[tuple[Any, ...]], kind: str) -> Iterator[tuple[Any, ...]]:
    """The rows, each with its id before it."""
    for number, row in enumerate(rows):
        yield (row_id(kind, number), *row)
