"""What some events have beside their words: a picture, a topic, a way there, and further hosts."""

import random
from datetime import timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from ...accounts.models import User
from ...attendance import check_in, feedback, rsvps
from ...attendance.reads import check_in as door_reads
from ...core.extensions import db
from ...core.time import time_zones
from ...events import hosts, pictures
from ...events.models import GOING, Event
from ...groups.models import Category
from ...volunteering import shifts, tasks
from ...volunteering.models import DOING, DONE, TODO
from . import past, people
from . import pictures as portraits
from .event_texts import Occasion
from .events import Events, hold
from .groups import Groups
from .people import Cast

PICTURED = ("seeds", "paddle", "ride", "feijoada", "work-day")
TOPICS = {
    "ride": "Sport and outdoors",
    "feijoada": "Food and gardens",
    "reading": "Books and writing",
}
DIRECTIONS = {
    "seeds": (
        "Bus 16 to *Great Junction Street*, then the lane on the left. The ramp is at the side; "
        "ring the **lower** bell."
    ),
    "paddle": "The landing is signed from the highway. Park on the grass, not by the marae.",
}
#: Who runs an event with its host; and who is asked and has not answered.
HOSTS = {"seeds": "Isla Drummond", "paddle": "Sione Latu"}
ASKED = {"compost": people.MEMBER}


def create(cast: Cast, events: Events, chance: random.Random) -> None:
    """Some events have a picture, some a topic of their own, and a few are run by two."""
    topics = {topic.name: topic for topic in db.session.scalars(sa.select(Category))}
    for key in PICTURED:
        pictures.put(events[key], events[key].owner, portraits.landscape(chance))
    for key, name in TOPICS.items():
        events[key].category = topics.get(name)  # a site may have topics of its own
    for key, words in DIRECTIONS.items():
        events[key].directions = words
    for key, name in {**HOSTS, **ASKED}.items():
        asked = hosts.ask(events[key], cast[name].handle, by=events[key].owner)
        if asked is not None and key in HOSTS:
            hosts.accept(events[key], by=cast[name])
    db.session.flush()


NOW = Occasion(
    key="eels",
    host=people.ORGANIZER,
    group="river",
    title="Counting eels below the weir",
    summary="Lamps, nets and a hot kettle: we count what comes up tonight.",
    description="Warm clothes and a lamp. We let every eel go again.",
    begins=(12, 0),
    lasts=4,
    parties=(1, 1, 2, 1, 3, 1, 2, 1),
    first=(people.MEMBER,),
    more={"place": "Below the weir, Aramoho", "companions": 3},
)
LATELY = Occasion(
    key="release",
    host=people.ORGANIZER,
    group="river",
    title="Carrying the young eels past the dam",
    summary="Buckets, a chain of hands, and the way round the dam.",
    description="Six hundred glass eels go where they cannot go by themselves.",
    begins=(10, 0),
    lasts=3,
    parties=(1, 1, 2, 1, 1, 2, 1, 1),
    first=(people.MEMBER,),
    more={"place": "The dam, upper side", "companions": 2},
)


#: Stars, and what was said with them.
SAID = (
    (5, "Nobody was in the way of anybody, and the eels made it. Again next spring!"),
    (4, "A second chain would have been faster. The tea came at the right moment."),
    (5, ""),
    (3, "Cold hands: more gloves, please, also small ones."),
    (4, "I did not know that they climb. Thank you, Aroha."),
)


def create_evenings(cast: Cast, groups: Groups, chance: random.Random) -> None:
    """One event has begun, and some are still to come; one is over, and two did not come; a
    guest did.
    """
    host = cast[people.ORGANIZER]
    now, lately = (hold(occasion, cast, groups, chance) for occasion in (NOW, LATELY))
    past.began(now, 1)
    _let_in(now, host, absent=3)
    past.took_place(lately, 2)
    _let_in(lately, host, absent=2)
    _say_how_it_was(lately, cast[people.MEMBER])


def _let_in(event: Event, host: User, absent: int) -> None:
    db.session.flush()
    rows = sorted(
        door_reads.expected(event),
        key=lambda row: (row.user_id not in (host.id, None), row.answered_at, row.id),
    )
    for row in rows[: len(rows) - absent]:
        check_in.let_in(event, row.id, by=host, people=row.party)
    assert rows[1].state == GOING
    check_in.let_out(event, rows[2].id, by=host, people=1)
    past.came(event)


def _say_how_it_was(event: Event, later: User) -> None:
    """Most of those who came have said how it was; `later` has it before them."""
    rows = sorted(
        db.session.scalars(feedback.those_who_were_there(event)),
        key=lambda row: (row.answered_at, row.id),
    )
    others = [row.user for row in rows if row.user is not None and row.user_id != later.id]
    for person, (stars, comment) in zip(others, SAID, strict=False):
        feedback.give(event, person, stars, comment, event.feedback)


class DemoTask(NamedTuple):
    """Something to do: how long before the start it is due, in hours (after it, where negative),
    by whom, and how far it is.
    """

    title: str
    before: int | None = None
    who: str = ""
    state: str = TODO
    description: str = ""


class DemoShift(NamedTuple):
    """Hours with places: how long after the start it begins, how long it lasts, and who has
    taken one.
    """

    title: str
    after: float
    lasts: float
    places: int
    who: tuple[str, ...] = ()
    description: str = ""


HOST, KEY = "Wiremu Paki", "clean-up"
BOARD = (
    DemoTask(
        "Borrow two more waders",
        72,
        "",
        TODO,
        "The fishing club lends them; ask for the small sizes.",
    ),
    DemoTask(
        "Fetch the sacks and gloves",
        14,
        people.ORGANIZER,
        TODO,
        "They are in the council's depot, third door. Open until six.",
    ),
    DemoTask("Bring a trailer"),
    DemoTask("Tell the café how many we are", 38),
    DemoTask(
        "Ask the farmer to open the gate",
        60,
        HOST,
        DOING,
        "He is up before five. Do not ring after eight in the evening.",
    ),
    DemoTask(
        "Draw a map of the willows",
        62,
        people.MEMBER,
        DOING,
        "With the three places where one can climb down to the water.",
    ),
    DemoTask("Have the skip brought", 140, HOST, DONE),
    DemoTask("Ask the rūnanga", 300, people.ORGANIZER, DONE),
    DemoTask("Weigh it all, and write to the council", -40),
)
SHIFTS = (
    DemoShift(
        "Along the north bank",
        9,
        3,
        6,
        (HOST, people.MEMBER),
        "We begin at the wharf. The path is steep in two places.",
    ),
    DemoShift(
        "In the boat",
        10,
        2,
        2,
        (people.ORGANIZER, "Isla Drummond"),
        "For those who swim well. Life jackets are there.",
    ),
    DemoShift("Tea and toasties", 12, 2, 2),
    DemoShift("Sorting at the skip", 33, 2.5, 4, (), "Glass, tyres, metal, and the rest."),
)


def create_tasks(cast: Cast, events: Events) -> None:
    """The clean-up has tasks and shifts; those who come have taken some of them."""
    event, host = events[KEY], cast[HOST]
    for task in BOARD:
        _task(event, cast, task)
    for shift in SHIFTS:
        starts = time_zones.wall(event.starts_at, event.zone) + timedelta(hours=shift.after)
        hours: dict[str, Any] = {"starts": starts, "ends": starts + timedelta(hours=shift.lasts)}
        made = shifts.add(
            event,
            by=host,
            title=shift.title,
            description=shift.description,
            places=shift.places,
            **hours,
        )
        for name in shift.who:
            if _comes(event, cast, name):
                shifts.claim(event, made.id, by=cast[name])


def _task(event: Event, cast: Cast, task: DemoTask) -> None:
    host = cast[HOST]
    due = (
        None
        if task.before is None
        else time_zones.wall(event.starts_at, event.zone) - timedelta(hours=task.before)
    )
    made = tasks.add(event, by=host, title=task.title, description=task.description, due=due)
    if task.who and _comes(event, cast, task.who):
        tasks.take(event, made.id, by=cast[task.who])
    if task.state != TODO:
        tasks.move(event, made.id, host, TODO, task.state)


def _comes(event: Event, cast: Cast, name: str) -> bool:
    row = rsvps.of(event, cast[name])
    return name == HOST or (row is not None and row.state == GOING)
