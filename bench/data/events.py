"""Events: a few that are measured, the same in every size, and as many others as the size says."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from webapp.core.text import search
from webapp.core.time import time_zones

from . import answers, groups
from .sizes import HOT_SEATS, READERS_ANSWERS, Size
from .values import Rows, numbered, row_id, text, wall_text

VILLAGE, CROWD, HOT = range(3)
#: pictures of the village event
PICTURES = 500
#: Number of the first of the events without answers, to which the load writes.
SPREAD = 3
WHAT = (
    "Walk",
    "Reading",
    "Supper",
    "Repair morning",
    "Choir",
    "Ride",
    "Swap",
    "Planting",
    "Film",
    "Talk",
)
HOW = (
    "quiet",
    "long",
    "first",
    "summer",
    "winter",
    "open",
    "yearly",
    "late",
    "early",
    "small",
    "lantern",
    "harbour",
    "garden",
)
ZONES = ("Europe/Lisbon", "UTC", "Europe/Berlin")
#: A word of three events in every community, and a word of one event in thirteen.
RARE, COMMON = "zanzibar", "lantern"
SUMMARY = "Come as you are, and bring someone who has not been there yet"
DESCRIPTION = (
    "We meet at the **fountain** and set out together.\n\n1. Tea and names\n2. The walk itself, "
    "about two hours\n3. Soup\n\n"
    "Wear something warm. Dogs are welcome on a lead; the last bus home leaves at eleven, and "
    "there is always someone who "
    "goes the same way. If you cannot come after all, say so here: someone else will be glad of "
    "the place."
)
EVENT = (
    *("id", "slug", "group_id", "owner_id", "title", "zone", "starts_wall", "ends_wall"),
    *("starts_at", "ends_at", "venue", "audience", "capacity", "seats_taken", "waiting_count"),
    *("last_position", "agenda_published_at", "search_text", "has_volunteering", "picture_count"),
    *("counted_on", "version", "changed_at"),
)
#: As if nobody had changed the event since.
UNCHANGED = (None, 1, None)


def tables(size: Size, base: datetime) -> Iterator[Rows]:
    """Yield the events; their answers are in data/answers.py."""
    yield Rows("event", EVENT, numbered(_events(size, base), "event"))


def slug_of(number: int) -> str:
    """Return the slug of an event."""
    return {VILLAGE: "the-village", CROWD: "the-crowd", HOT: "the-hot-one"}.get(
        number, f"event-{number}"
    )


def first_ordinary(size: Size) -> int:
    """Return the number of the first event that only adds to the quantity."""
    return SPREAD + size.spread


def is_past(number: int, size: Size) -> bool:
    """Whether the event is past: two of five ordinary events are, but none that the reader
    answered.
    """
    place = number - first_ordinary(size)
    return place >= READERS_ANSWERS and place % 5 >= 3


def group_of(number: int, size: Size) -> int | None:
    """Return the group of an event, or None.

    The events that are measured and those that the reader answered belong to the big group. A
    quarter of the others belong to no group.
    """
    place = number - first_ordinary(size)
    if place < READERS_ANSWERS:
        return 0
    return None if place % 4 == 3 else place % size.groups


def capacity_of(number: int, size: Size) -> int | None:
    """Return the number of seats, or None without a limit. Every tenth ordinary event has too
    few.
    """
    if number == HOT:
        return HOT_SEATS
    place = number - first_ordinary(size)
    return 3 if place >= READERS_ANSWERS and place % 10 == 0 else None


def _events(size: Size, base: datetime) -> Iterator[tuple[Any, ...]]:
    since = text(base - timedelta(days=730))
    for number in range(size.events):
        group = group_of(number, size)
        owner = (
            groups.owner_of(group, size) if group is not None else 1 + number % (size.people - 1)
        )
        title = _title(number, size)
        place = groups.PLACES[number % len(groups.PLACES)]
        name = groups.name_of(group) if group is not None else ""
        yield (
            *(slug_of(number), row_id("group", group) if group is not None else None),
            *(row_id("user", owner), title, *_when(number, size, base)),
            *(place, _audience(number, group), capacity_of(number, size)),
            *(*answers.counters(number, size), since if number == VILLAGE else None),
            *(_found_by(title, place, name), int(number == HOT)),
            *(PICTURES if number == VILLAGE else 0, *UNCHANGED),
        )


def _found_by(title: str, place: str, group: str) -> str:
    """Return the text by which search finds an event.

    Like `search.text_of`, except for the order of the marked words.
    """
    words = title.lower().replace(".", "")
    return words + _rest(place, group) + "".join(f" {search.NAME}{word}" for word in words.split())


@cache
def _rest(place: str, group: str) -> str:
    return search.search_text_of("", f"{SUMMARY} {group}", place=place)


def _title(number: int, size: Size) -> str:
    rare = (
        RARE
        if first_ordinary(size) + READERS_ANSWERS
        <= number
        < first_ordinary(size) + READERS_ANSWERS + 3
        else ""
    )
    words = (
        f"The {HOW[number % len(HOW)]}",
        WHAT[number % len(WHAT)].lower(),
        rare,
        f"no. {number:06}",
    )
    return " ".join(filter(None, words))


def starts_at(number: int, base: datetime) -> datetime:
    """Return the start of an event that is measured."""
    return base + timedelta(days=40, minutes=number)


def _when(number: int, size: Size, base: datetime) -> tuple[str, str, str, str, str]:
    """Return the event's zone and its start and end, two hours apart, as text.

    Starts are spread over the coming year or the past two years.
    """
    if is_past(number, size):
        start = base - timedelta(days=2, minutes=15 * (number * 7919 % 67_200))
    elif number < first_ordinary(size):
        start = starts_at(number, base)
    else:
        start = base + timedelta(days=3, minutes=15 * (number * 7919 % 33_600))
    zone = ZONES[number % len(ZONES)]
    end = start + timedelta(hours=2)
    return (
        zone,
        wall_text(time_zones.wall(start, zone)),
        wall_text(time_zones.wall(end, zone)),
        text(start),
        text(end),
    )


def _audience(number: int, group: int | None) -> str:
    if group is not None and groups.is_closed(group):
        return "group"
    return "link" if number % 20 == 13 else "everyone"
