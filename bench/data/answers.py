"""Answers to events, exactly as many as the size says, with a waiting list where seats are too
few.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from . import events, groups
from .sizes import READERS_ANSWERS, VILLAGE, Size
from .values import Rows, numbered, row_id, text

RSVP = (
    *("id", "event_id", "user_id", "state", "position", "is_anonymous"),
    *("answered_at", "created_at", "ticket"),
)
DAY = ("event_id", "day", "seats")
STEP = ("id", "event_id", "number", "user_id")


class Answer(NamedTuple):
    """One person's answer; `position` is their place on the waiting list."""

    person: int
    state: str
    position: int | None = None


def tables(size: Size, base: datetime) -> Iterator[Rows]:
    """Yield the answers, and the log of the waiting lists."""
    yield Rows("rsvp", RSVP, numbered(_answers(size, base), "rsvp"))
    yield Rows("event_day", DAY, _days(size, base))
    yield Rows("waitlist_step", STEP, numbered(_steps(size), "waitlist_step"))


@cache
def of(number: int, size: Size) -> list[Answer]:
    """Return the answers to an event, in the order of their arrival. Nobody brings a plus-one."""
    people = _who(number, size)
    capacity = events.capacity_of(number, size)
    given: list[Answer] = []
    taken = waiting = 0
    for turn, person in enumerate(people):
        state = "going" if turn % 10 < 8 or person == 0 else ("maybe", "not_going")[turn % 2]
        if state == "going" and capacity is not None and taken >= capacity:
            waiting += 1
            given.append(Answer(person, "waiting", waiting))
            continue
        taken += state == "going"
        given.append(Answer(person, state))
    return given


def counters(number: int, size: Size) -> tuple[int, int, int]:
    """Return (seats taken, people waiting, last position on the waiting list)."""
    states = [answer.state for answer in of(number, size)]
    waiting = states.count("waiting")
    return states.count("going"), waiting, waiting


def _who(number: int, size: Size) -> list[int]:
    """Return who answered the event. The reader answers only the first ordinary events."""
    if number in (events.VILLAGE, events.CROWD):
        return list(range(1, (VILLAGE if number == events.VILLAGE else size.crowd) + 1))
    place = number - events.first_ordinary(size)
    if place < 0:
        return []
    others = [
        1 + (number * 7919 + turn) % (size.people - 1) for turn in range(_how_many(number, size))
    ]
    return [0, *others[1:]] if place < READERS_ANSWERS else others


def _how_many(number: int, size: Size) -> int:
    """Return the event's share of all answers; the first events get the remainder."""
    rank = _ranks(size).get(number)
    if rank is None:
        return 0
    each, more = _share(size)
    return each + (rank < more)


@cache
def _ranks(size: Size) -> dict[int, int]:
    """Return the ordinary events that have answers: number -> rank among them."""
    ordinary = range(events.first_ordinary(size), size.events)
    return {
        number: rank
        for rank, number in enumerate(number for number in ordinary if _takes_part(number, size))
    }


def _takes_part(number: int, size: Size) -> bool:
    group = events.group_of(number, size)
    return group is None or not groups.is_closed(group)


@cache
def _share(size: Size) -> tuple[int, int]:
    return divmod(size.answers - VILLAGE - size.crowd, len(_ranks(size)))


def _answers(size: Size, base: datetime) -> Iterator[tuple[Any, ...]]:
    moments = [
        text(base - timedelta(days=730) + timedelta(minutes=turn)) for turn in range(size.people)
    ]
    for number in range(size.events):
        event = row_id("event", number)
        for turn, answer in enumerate(of(number, size)):
            moment, is_hidden = moments[turn], int(turn % 25 == 24)
            person = row_id("user", answer.person)
            known = (event, person, answer.state, answer.position)
            yield (*known, is_hidden, moment, moment, None)


def _days(size: Size, base: datetime) -> Iterator[tuple[Any, ...]]:
    """Yield the daily numbers of the two events whose hosts' pages are measured."""
    for number in (events.VILLAGE, events.CROWD):
        taken, filled = 0, {}
        for turn, answer in enumerate(of(number, size)):
            taken += answer.state == "going"
            filled[(base - timedelta(days=730) + timedelta(minutes=turn)).date()] = taken
        for day, seats in filled.items():
            yield (row_id("event", number), day.isoformat(), seats)


def _steps(size: Size) -> Iterator[tuple[Any, ...]]:
    for number in range(size.events):
        if events.capacity_of(number, size) is None:
            continue
        for answer in of(number, size):
            if answer.position is not None:
                yield (row_id("event", number), answer.position, row_id("user", answer.person))
