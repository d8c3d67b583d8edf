"""An event of the big group with 500 pictures, of which only the rows exist."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from . import events
from .sizes import Size
from .values import Rows, numbered, row_id, text

PATH = f"/events/{events.slug_of(events.VILLAGE)}/pictures"
FILE = ("event_id", "by_id", "picture", "name", "size", "height", "digest", "created_at")


def tables(size: Size, base: datetime) -> Iterator[Rows]:
    """Yield the pictures, uploaded one after the other in one night."""
    event = row_id("event", events.VILLAGE)
    rows = (
        (
            *(event, row_id("user", number % size.drivers), row_id("picture", number)),
            *(f"IMG_{number}.webp", 90_000, 1200, str(number)),
            text(base - timedelta(minutes=events.PICTURES - number)),
        )
        for number in range(events.PICTURES)
    )
    yield Rows("event_file", ("id", *FILE), numbered(rows, "event_file"))
