"""Who answered an event, who waits, and what happened in the queue. Every list is one statement."""

import uuid
from collections.abc import Collection
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from ...accounts.models import User
from ...core import clock
from ...core.extensions import db
from ...groups.models import Group
from ..audience import is_outsider
from ..models import GOING, MAYBE, OFFERED, WAITING, Event, QueueStep, Rsvp

PEOPLE_SHOWN = 60
QUEUE_SHOWN = 20
STEPS_SHOWN = 50


class Person(NamedTuple):
    """Somebody in a list of people: what the macros for people ask."""

    id: uuid.UUID
    name: str
    handle: str
    party: int
    is_host: bool
    is_anonymous: bool


class People(NamedTuple):
    """Who comes: those with their names, how many stand behind “someone”, how many parties more there are."""

    named: list[Person]
    someone: int
    parties: int
    seats: int
    maybe: int

    @property
    def more(self) -> int:
        """Parties that are going and not among `named`, those without a name included."""
        return self.parties - len(self.named)


class Party(NamedTuple):
    """A party in the queue."""

    number: int
    party: int
    user_id: uuid.UUID
    name: str
    since: Any
    has_let_go: bool


class Queue(NamedTuple):
    """The first parties of the queue, how many there are, and those for whom seats are held."""

    parties: list[Party]
    length: int
    mine: int | None
    held: int


def people_of(event: Event, hosts: Collection[uuid.UUID] = (), sees_all: bool = False) -> People:
    """Who is going, hosts first, then in the order of their answers; the anonymous by name only where `sees_all`."""
    counts = _counts(event)
    wanted = sa.select(Rsvp.user_id, User.first_name, User.last_name, User.handle, Rsvp.party, Rsvp.is_anonymous)
    wanted = wanted.join(User, User.id == Rsvp.user_id).where(Rsvp.event_id == event.id, Rsvp.state == GOING)
    if not sees_all:
        wanted = wanted.where(Rsvp.is_anonymous.is_(False))
    first = sa.case((Rsvp.user_id.in_(hosts), 0), else_=1)
    rows = db.session.execute(wanted.order_by(first, Rsvp.answered_at, Rsvp.id).limit(PEOPLE_SHOWN))
    named = [
        Person(id, f"{first_name} {last_name}", handle, party, id in hosts, anonymous)
        for id, first_name, last_name, handle, party, anonymous in rows
    ]
    return People(named, 0 if sees_all else counts[GOING][2], counts[GOING][0], counts[GOING][1], counts[MAYBE][0])


def _counts(event: Event) -> dict[str, tuple[int, int, int]]:
    """For those going and those who may come: parties, seats, parties without a name."""
    hidden = sa.func.sum(sa.case((Rsvp.is_anonymous.is_(True), 1), else_=0))
    counted = sa.select(Rsvp.state, sa.func.count(), sa.func.sum(Rsvp.party), hidden)
    counted = counted.where(Rsvp.event_id == event.id, Rsvp.state.in_((GOING, MAYBE))).group_by(Rsvp.state)
    rows = {state: (parties, int(seats), int(without)) for state, parties, seats, without in db.session.execute(counted)}
    return {state: rows.get(state, (0, 0, 0)) for state in (GOING, MAYBE)}


def queue_of(event: Event, mine: Rsvp | None = None) -> Queue:
    """The queue as it stands; `mine` is the reader's own answer, whose number is counted wherever it stands."""
    if not event.waiting_count and event.seats_free != 0:
        return Queue([], 0, None, 0)
    waiting = sa.select(Rsvp.party, Rsvp.user_id, User.first_name, User.last_name, Rsvp.answered_at, Rsvp.has_let_go)
    waiting = waiting.join(User, User.id == Rsvp.user_id).where(Rsvp.event_id == event.id, Rsvp.state == WAITING)
    rows = db.session.execute(waiting.order_by(Rsvp.place).limit(QUEUE_SHOWN)).all()
    parties = [
        Party(number, row.party, row.user_id, f"{row.first_name} {row.last_name}", row.answered_at, row.has_let_go)
        for number, row in enumerate(rows, 1)
    ]
    held = db.session.scalar(sa.select(sa.func.sum(Rsvp.party)).where(Rsvp.event_id == event.id, Rsvp.state == OFFERED))
    return Queue(parties, event.waiting_count, position_of(event, mine), int(held or 0))


def position_of(event: Event, row: Rsvp | None) -> int | None:
    """The number in the queue, from 1, counting who waits before. None for who does not wait."""
    if row is None or row.state != WAITING:
        return None
    before = sa.select(sa.func.count()).where(Rsvp.event_id == event.id, Rsvp.state == WAITING, Rsvp.place < row.place)
    return 1 + (db.session.scalar(before) or 0)


def steps_of(event: Event, most: int = STEPS_SHOWN) -> list[QueueStep]:
    """What happened in the queue, latest first, with whom."""
    steps = sa.select(QueueStep).options(joinedload(QueueStep.user)).where(QueueStep.event_id == event.id)
    return list(db.session.scalars(steps.order_by(QueueStep.number.desc()).limit(most)))


def outsiders_of(event: Event) -> int:
    """How many from outside its group have answered the event and would lose their place if it were for the group alone."""
    return _outsiders(Event.id == event.id)


def outsiders_at(group: Group) -> int:
    """How many people from outside have answered a coming event of the group, and would lose their places if it closed."""
    return _outsiders(Event.group_id == group.id, Event.starts_at > clock.now(), Event.deleted_at.is_(None))


def _outsiders(*which: sa.ColumnElement[bool]) -> int:
    counted = sa.select(sa.func.count(sa.distinct(Rsvp.user_id))).select_from(Rsvp).join(Event, Event.id == Rsvp.event_id)
    return db.session.scalar(counted.where(*which, is_outsider())) or 0
