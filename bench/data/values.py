"""Values in a form that both databases read: ids and times as text."""

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
#: The middle of an id: the UUID's version, the kind of row, and the UUID's variant.
MIDDLES = {kind: f"7{place:03x}8" for place, kind in enumerate(KINDS)}


class Rows(NamedTuple):
    """The contents of one table: its columns, and its rows in their order."""

    table: str
    columns: tuple[str, ...]
    rows: Iterable[tuple[Any, ...]]


def row_id(kind: str, number: int) -> str:
    """Return the id of row `number` of this kind.

    It looks like a UUIDv7, sorts by number, and can be computed without the database.
    """
    return f"{1_700_000_000_000 + number:012x}{MIDDLES[kind]}{number:015x}"


def text(moment: datetime) -> str:
    """Return the time in the format that SQLite stores and PostgreSQL parses."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def wall_text(moment: datetime) -> str:
    """Return a local time without a zone as text."""
    return moment.isoformat(" ", "microseconds")


def numbered(rows: Iterable[tuple[Any, ...]], kind: str) -> Iterator[tuple[Any, ...]]:
    """Yield each row with its id in front."""
    for number, row in enumerate(rows):
        yield (row_id(kind, number), *row)
