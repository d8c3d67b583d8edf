"""The agenda of the clean-up: two days, three rooms, four tracks, and sessions with limited
seats.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from ...agenda import bookings, rooms, sessions, speakers, tracks
from ...agenda.models import AgendaSession
from ...attendance import guests
from ...core.storage import pictures
from ...events.models import Event
from . import pictures as portraits, texts
from .events import guest_address
from .people import Cast

KEY = "clean-up"
TEXTS = texts.load("agenda")


@dataclass(frozen=True)
class AgendaPoint:
    """A session: its day, start (in hours), length in minutes, and contents."""

    title: str
    day: int
    begins: float
    lasts: int
    room: str = ""
    track: str = ""
    who: Sequence[str] = ()
    words: str = ""
    seats: int | None = None


def create(cast: Cast, event: Event) -> None:
    """Create and publish the agenda, with bookings.

    The member has chosen two sessions that overlap, and waits for a third; a guest has two.
    """
    host = event.owner
    places = {
        name: rooms.add(event, by=host, name=name, capacity=holds)
        for name, holds in TEXTS["rooms"].items()
    }
    colored = {
        name: tracks.add(event, by=host, name=name, color=color)
        for name, color in TEXTS["tracks"].items()
    }
    named = {}
    for speaker in TEXTS["speakers"]:
        name = speaker["name"]
        handle = cast[name].handle if name in cast else ""
        named[name] = speakers.add(event, by=host, handle=handle, **speaker)
    drawn = portraits.face(random.Random(33))  # noqa: S311 -- nothing here is secret
    named["Dr Hine Walker"].picture = pictures.keep(pictures.AVATAR, drawn)
    made = {}
    for point in texts.rows(AgendaPoint, TEXTS["sessions"]):
        starts = event.starts_wall + timedelta(days=point.day, hours=point.begins)
        plan = sessions.SessionInput(
            title=point.title,
            description=point.words,
            starts=starts,
            ends=starts + timedelta(minutes=point.lasts),
            room_id=places[point.room].id if point.room else None,
            track_id=colored[point.track].id if point.track else None,
            speaker_ids=[named[name].id for name in point.who],
            capacity=point.seats,
            starts_fold=0,
            ends_fold=0,
        )
        made[point.title] = sessions.add(event, plan, by=host)
    sessions.show(event, by=host)
    cancelled = TEXTS["cancelled"]
    sessions.cancel(event, made[cancelled["title"]], by=host, reason=cancelled["reason"])
    _choose(cast, event, made)


def _choose(cast: Cast, event: Event, made: dict[str, AgendaSession]) -> None:
    for title, names in TEXTS["bookings"].items():
        for name in names:
            bookings.book(made[title], by=cast[name])
    by_guest = TEXTS["booked_by_guest"]
    guest = guests.of(event, guest_address(by_guest["name"]))
    assert guest is not None
    for title in by_guest["sessions"]:
        bookings.book(made[title], by=guest)
