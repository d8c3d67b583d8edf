"""Further details of some events: pictures, hosts, tasks, check-in and
feedback.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from ...accounts.models import User
from ...attendance import check_in, feedback, rsvps
from ...attendance.reads import check_in as check_in_reads
from ...core.extensions import db
from ...core.time import clock, time_zones
from ...events import hosts, pictures
from ...events.models import GOING, Event
from ...volunteering import shifts, tasks
from ...volunteering.models import TODO
from . import people, pictures as portraits, texts, world
from .events import Events, Occasion, hold
from .groups import Groups
from .people import Cast

TEXTS = texts.load("event_details")


def create(cast: Cast, events: Events, chance: random.Random) -> None:
    """Add pictures to some events, and second hosts to a few."""
    for key in TEXTS["pictured"]:
        pictures.put(events[key], events[key].owner, portraits.landscape(chance))
    for key, name in (*TEXTS["hosts"].items(), *TEXTS["asked_to_host"].items()):
        event = events[key]
        assert event.published_at is not None
        with world.at(event.published_at + timedelta(hours=3)):
            asked = hosts.ask(event, cast[name].handle, by=event.owner)
            if asked is not None and key in TEXTS["hosts"]:
                hosts.accept(event, by=cast[name])


def create_evenings(cast: Cast, groups: Groups, chance: random.Random) -> None:
    """Create an event that has begun and one that is over, with check-ins and feedback.

    Some attendees haven't arrived yet, two didn't come to the past event, and a guest did.
    """
    host = cast[people.ORGANIZER]
    now, lately = (
        hold(occasion, cast, groups, chance) for occasion in texts.rows(Occasion, TEXTS["lately"])
    )
    _let_in(now, host, absent=3)
    _let_in(lately, host, absent=2)
    _say_how_it_was(lately, cast[people.MEMBER])


def _let_in(event: Event, host: User, absent: int) -> None:
    rows = sorted(
        check_in_reads.expected(event),
        key=lambda row: (row.user_id not in (host.id, None), row.answered_at, row.id),
    )
    begins = event.starts_at
    came = rows[: len(rows) - absent]
    first, last = begins - timedelta(minutes=25), begins + timedelta(minutes=20)
    moments = world.spread(first, min(last, clock.now()), len(came) + 1)
    for row, moment in zip(came, moments, strict=False):
        with world.at(moment):
            check_in.arrive(event, row.id, by=host, people=row.party)
    with world.at(moments[-1]):
        check_in.leave(event, rows[2].id, by=host, people=1)


def _say_how_it_was(event: Event, later: User) -> None:
    """Add feedback of most attendees; the form still waits for `later`."""
    rows = sorted(
        db.session.scalars(feedback.attended(event)),
        key=lambda row: (row.answered_at, row.id),
    )
    others = [row.user for row in rows if row.user is not None and row.user_id != later.id]
    moments = world.spread(event.ends_at, clock.now(), len(TEXTS["feedback"]))
    said = zip(others, moments, TEXTS["feedback"], strict=False)
    for person, moment, (stars, comment) in said:
        with world.at(moment):
            feedback.submit(event, person, stars, comment, event.feedback)


@dataclass(frozen=True)
class DemoTask:
    """A task: hours before the start when it is due (negative: after it), its volunteer and its
    status.
    """

    title: str
    before: int | None = None
    who: str = ""
    state: str = TODO
    description: str = ""


@dataclass(frozen=True)
class DemoShift:
    """A shift: hours after the start when it begins, its length in hours, and its volunteers."""

    title: str
    after: float
    lasts: float
    capacity: int
    who: Sequence[str] = ()
    description: str = ""


KEY = "clean-up"


def create_tasks(cast: Cast, events: Events) -> None:
    """Create the clean-up's tasks and shifts; attendees have taken some."""
    event = events[KEY]
    for task in texts.rows(DemoTask, TEXTS["tasks"]):
        _task(event, cast, task)
    for shift in texts.rows(DemoShift, TEXTS["shifts"]):
        starts = time_zones.wall(event.starts_at, event.zone) + timedelta(hours=shift.after)
        hours: dict[str, Any] = {"starts": starts, "ends": starts + timedelta(hours=shift.lasts)}
        made = shifts.add(
            event,
            by=event.owner,
            title=shift.title,
            description=shift.description,
            capacity=shift.capacity,
            **hours,
        )
        for name in shift.who:
            if _comes(event, cast, name):
                shifts.claim(event, made.id, by=cast[name])


def _task(event: Event, cast: Cast, task: DemoTask) -> None:
    host = event.owner
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
    return name == event.owner.name or (row is not None and row.state == GOING)
