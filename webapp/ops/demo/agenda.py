"""The agenda of the clean-up: two days, three places, four tracks, and seats that people take or
wait for.
"""

import random
from dataclasses import dataclass
from datetime import timedelta

from ...agenda import bookings, rooms, sessions, speakers
from ...agenda.models import AgendaSession
from ...attendance import guests
from ...core.storage import pictures
from ...events.models import Event
from . import people
from . import pictures as portraits
from .events import mailed_at
from .people import Cast

KEY, HOST = "clean-up", "Wiremu Paki"
ROOMS = {"The wharf": None, "Willow bank": 12, "Café, upstairs": 6}
TRACKS = {"Hands on": "meadow", "Water": "loch", "Plants": "clay", "Talk": "bluebell"}
#: name -> (what is on their page, links, whether they have an account here)
SPEAKERS = {
    "Wiremu Paki": (
        "Paddled this river before there was a road to it. **Knows every snag by name.**",
        "",
        True,
    ),
    "Aroha Tamatea": ("Looks after the nursery on the south bank.", "nursery.example.org", True),
    "Dr Hine Walker": (
        "Reads rivers for a living: eels, oxygen, what washes off the hills.\n\n- Freshwater "
        "ecologist\n- Good at mud",
        "https://rivers.example.org/hine\nmailto:hine@rivers.example.org",
        False,
    ),
    "Piripi Ross": ("Turns driftwood into benches.", "", False),
}


@dataclass(frozen=True)
class AgendaPoint:
    """A session: on which day, from when (hours) for how many minutes, and what it is."""

    title: str
    day: int
    begins: float
    lasts: int
    room: str = ""
    track: str = ""
    who: tuple[str, ...] = ()
    words: str = ""
    seats: int | None = None


POINTS = [
    AgendaPoint("Karakia and who does what", 0, 9, 30, words="We begin together, at the steps."),
    AgendaPoint(
        "Willows out of the water",
        0,
        9.5,
        150,
        "Willow bank",
        "Hands on",
        ("Wiremu Paki",),
        "Ropes and saws are there.",
        12,
    ),
    AgendaPoint("Sacks and gloves along the bank", 0, 9.5, 90, "The wharf", "Hands on"),
    AgendaPoint(
        *("What the water tells us", 0, 9.5, 60, "Café, upstairs", "Water", ("Dr Hine Walker",)),
        words=(
            "Six bottles, a colour chart, and what each colour means for **eels**.\n\nBring "
            "something to write with."
        ),
        seats=2,
    ),
    AgendaPoint(
        "Eels by torchlight, on a table",
        0,
        10.75,
        60,
        "Café, upstairs",
        "Water",
        ("Dr Hine Walker",),
        seats=6,
    ),
    AgendaPoint("Toasties", 0, 12, 60),
    AgendaPoint(
        "Benches out of driftwood",
        0,
        13,
        120,
        "The wharf",
        "Hands on",
        ("Piripi Ross",),
        "You take home what you build.",
        5,
    ),
    AgendaPoint(
        "Harakeke: cut it right", 0, 13, 60, "Willow bank", "Plants", ("Aroha Tamatea",), seats=12
    ),
    AgendaPoint(
        "Who owns a river?",
        0,
        13.5,
        60,
        "Café, upstairs",
        "Talk",
        ("Wiremu Paki", "Dr Hine Walker"),
    ),
    AgendaPoint(
        "Planting what we have cut", 1, 9, 120, "Willow bank", "Plants", ("Aroha Tamatea",)
    ),
    AgendaPoint(
        "The second sample", 1, 10, 45, "Café, upstairs", "Water", ("Dr Hine Walker",), seats=6
    ),
    AgendaPoint("Counting the sacks", 1, 11.5, 30, "The wharf", "Talk", ("Wiremu Paki",)),
    AgendaPoint("Kayaks to the bend and back", 1, 9, 90, "The wharf", "Water"),
]


def create(cast: Cast, event: Event) -> None:
    """Everyone sees the agenda; the member has chosen two sessions that overlap, and waits for a
    third; a guest has two.
    """
    host = cast[HOST]
    places = {
        name: rooms.add_room(event, by=host, name=name, capacity=holds)
        for name, holds in ROOMS.items()
    }
    tracks = {
        name: rooms.add_track(event, by=host, name=name, paint=paint)
        for name, paint in TRACKS.items()
    }
    named = {}
    for name, (bio, links, has_account) in SPEAKERS.items():
        handle = cast[name].handle if has_account else ""
        named[name] = speakers.add(event, by=host, name=name, bio=bio, links=links, handle=handle)
    drawn = portraits.face(random.Random(33))  # noqa: S311 -- nothing here is secret
    named["Dr Hine Walker"].picture = pictures.keep(pictures.AVATAR, drawn)
    made = {}
    for point in POINTS:
        starts = event.starts_wall + timedelta(days=point.day, hours=point.begins)
        plan = sessions.SessionInput(
            title=point.title,
            description=point.words,
            starts=starts,
            ends=starts + timedelta(minutes=point.lasts),
            room_id=places[point.room].id if point.room else None,
            track_id=tracks[point.track].id if point.track else None,
            speaker_ids=[named[name].id for name in point.who],
            capacity=point.seats,
            starts_fold=0,
            ends_fold=0,
        )
        made[point.title] = sessions.add(event, plan, by=host)
    sessions.show(event, by=host)
    sessions.cancel(
        event, made["Kayaks to the bend and back"], by=host, reason="The river is still too high."
    )
    _choose(cast, event, made)


def _choose(cast: Cast, event: Event, made: dict[str, AgendaSession]) -> None:
    for title, names in _CHOSEN.items():
        for name in names:
            bookings.book(made[title], by=cast[name])
    guest = guests.of(event, mailed_at("Mere Tūpou"))
    assert guest is not None
    for title in _BY_A_GUEST:
        bookings.book(made[title], by=guest)


_CHOSEN = {
    "What the water tells us": ("Aroha Tamatea", "Isla Drummond", people.MEMBER),
    "Willows out of the water": (people.MEMBER, "Isla Drummond"),
    "Eels by torchlight, on a table": (people.MEMBER,),
    "Benches out of driftwood": (people.MEMBER, "Aroha Tamatea"),
    "Planting what we have cut": (people.MEMBER,),
}
_BY_A_GUEST = ("Eels by torchlight, on a table", "Benches out of driftwood")
