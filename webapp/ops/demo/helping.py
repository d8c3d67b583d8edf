"""What there is to do at the demo's events: a board with something in each column, and shifts
with places left.
"""

from datetime import timedelta
from typing import Any, NamedTuple

from ...attendance import rsvps
from ...core import times
from ...events.models import GOING, Event
from ...volunteering import shifts, tasks
from ...volunteering.models import DOING, DONE, TODO
from . import people
from .gatherings import Events
from .people import Cast


class Task(NamedTuple):
    """Something to do: how long before the start it is due, in hours (after it, where negative),
    by whom, and how far it is.
    """

    title: str
    before: int | None = None
    who: str = ""
    state: str = TODO
    description: str = ""


class Shift(NamedTuple):
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
    Task(
        "Borrow two more waders",
        72,
        "",
        TODO,
        "The fishing club lends them; ask for the small sizes.",
    ),
    Task(
        "Fetch the sacks and gloves",
        14,
        people.ORGANIZER,
        TODO,
        "They are in the council's depot, third door. Open until six.",
    ),
    Task("Bring a trailer"),
    Task("Tell the café how many we are", 38),
    Task(
        "Ask the farmer to open the gate",
        60,
        HOST,
        DOING,
        "He is up before five. Do not ring after eight in the evening.",
    ),
    Task(
        "Draw a map of the willows",
        62,
        people.MEMBER,
        DOING,
        "With the three places where one can climb down to the water.",
    ),
    Task("Have the skip brought", 140, HOST, DONE),
    Task("Ask the rūnanga", 300, people.ORGANIZER, DONE),
    Task("Weigh it all, and write to the council", -40),
)
SHIFTS = (
    Shift(
        "Along the north bank",
        9,
        3,
        6,
        (HOST, people.MEMBER),
        "We begin at the wharf. The path is steep in two places.",
    ),
    Shift(
        "In the boat",
        10,
        2,
        2,
        (people.ORGANIZER, "Isla Drummond"),
        "For those who swim well. Life jackets are there.",
    ),
    Shift("Tea and toasties", 12, 2, 2),
    Shift("Sorting at the skip", 33, 2.5, 4, (), "Glass, tyres, metal, and the rest."),
)


def create(cast: Cast, events: Events) -> None:
    """The clean-up has tasks and shifts; those who come have taken some of them."""
    event, host = events[KEY], cast[HOST]
    for task in BOARD:
        _task(event, cast, task)
    for shift in SHIFTS:
        starts = times.wall(event.starts_at, event.zone) + timedelta(hours=shift.after)
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


def _task(event: Event, cast: Cast, task: Task) -> None:
    host = cast[HOST]
    due = (
        None
        if task.before is None
        else times.wall(event.starts_at, event.zone) - timedelta(hours=task.before)
    )
    made = tasks.add(event, by=host, title=task.title, description=task.description, due=due)
    if task.who and _comes(event, cast, task.who):
        tasks.take(event, made.id, by=cast[task.who])
    if task.state != TODO:
        tasks.move(event, made.id, host, TODO, task.state)


def _comes(event: Event, cast: Cast, name: str) -> bool:
    row = rsvps.of(event, cast[name])
    return name == HOST or (row is not None and row.state == GOING)
