"""The agenda of the village event: 300 sessions on one day, in ten parallel rooms and five
tracks.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from webapp.core.time import time_zones

from . import events
from .sizes import Size
from .values import Rows, numbered, row_id, text, wall_text

ROOMS, IN_EACH, MINUTES = 10, 30, 4
SESSIONS = ROOMS * IN_EACH
COLORS = ("meadow", "loch", "clay", "bluebell", "slate")
SPEAKERS = 60

ROOM = ("id", "event_id", "position", "name")
TRACK = ("id", "event_id", "name", "color")
SPEAKER = ("id", "event_id", "name")
SESSION = (
    *("id", "event_id", "room_id", "track_id", "title"),
    *("starts_wall", "ends_wall", "starts_at", "ends_at"),
)
SPEAKS = ("session_id", "speaker_id")


def tables(size: Size, base: datetime) -> Iterator[Rows]:
    """Yield the rows of the agenda."""
    event = row_id("event", events.VILLAGE)
    rooms = ((event, number + 1, f"Room {number + 1}") for number in range(ROOMS))
    tracks = ((event, f"Track {color}", color) for color in COLORS)
    speakers = ((event, f"Speaker no. {number:02}") for number in range(SPEAKERS))
    yield Rows("agenda_room", ROOM, numbered(rooms, "agenda_room"))
    yield Rows("agenda_track", TRACK, numbered(tracks, "agenda_track"))
    yield Rows("speaker", SPEAKER, numbered(speakers, "speaker"))
    yield Rows("agenda_session", SESSION, numbered(_sessions(event, base), "agenda_session"))
    pairs = (
        (row_id("agenda_session", number), row_id("speaker", number % SPEAKERS))
        for number in range(SESSIONS)
    )
    yield Rows("session_speaker", SPEAKS, pairs)


def _sessions(event: str, base: datetime) -> Iterator[tuple[Any, ...]]:
    for number in range(SESSIONS):
        turn, room = divmod(number, ROOMS)
        starts = events.starts_at(events.VILLAGE, base) + timedelta(minutes=MINUTES * turn)
        ends = starts + timedelta(minutes=MINUTES)
        zone = events.ZONES[events.VILLAGE]
        track = row_id("agenda_track", number % len(COLORS))
        title = f"What we know of subject no. {number:03}"
        yield (
            *(event, row_id("agenda_room", room), track, title),
            *(wall_text(time_zones.wall(starts, zone)), wall_text(time_zones.wall(ends, zone))),
            *(text(starts), text(ends)),
        )
