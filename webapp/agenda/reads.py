"""Queries for the pages of an agenda.
Each list takes a fixed number of statements, however many sessions there are.
"""

import uuid
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from ..core.extensions import db
from ..core.time import time_zones
from ..events.calendar.entries import CalendarEntry
from ..events.models import SEATED_OR_WAITING, CalendarFeed, Event, Rsvp, is_of, on_waitlist
from . import calendar
from .models import AgendaSession, Booking, Room, Speaker, Track, session_speaker

_WITH = (
    joinedload(AgendaSession.room),
    joinedload(AgendaSession.track),
    selectinload(AgendaSession.speakers),
)


class AgendaDay(NamedTuple):
    """A day of an agenda in the event's zone: a moment in it, and how many sessions begin on it."""

    date: date
    at: datetime
    sessions: int


class RoomRow(NamedTuple):
    """The room of a session in a day's table."""

    id: uuid.UUID
    name: str
    capacity: int | None
    position: int


class SpeakerLink(NamedTuple):
    """A speaker's name and the path of their page."""

    name: str
    path: str


class Slot(NamedTuple):
    """A session in a day's table; `track` and `color` are "" if it has none."""

    id: uuid.UUID
    title: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    cancelled_at: datetime | None
    seats_free: int | None
    waiting_count: int
    room: RoomRow | None
    track: str
    color: str
    speakers: tuple[SpeakerLink, ...]

    @property
    def is_all_day(self) -> bool:
        """Always False: no session takes whole days."""
        return False


_ON = (
    AgendaSession.event_id == sa.bindparam("event", type_=sa.Uuid),
    AgendaSession.starts_wall.between(
        sa.bindparam("first", type_=sa.DateTime), sa.bindparam("last", type_=sa.DateTime)
    ),
)


def calendar_entries(feed: CalendarFeed) -> list[CalendarEntry]:
    """Return the sessions in a person's calendar feed."""
    return calendar.entries_of_sessions(calendar.sessions_in(feed))


def days_of(event: Event) -> list[AgendaDay]:
    """Return the days on which sessions begin, in order."""
    on = (
        sa.cast(AgendaSession.starts_wall, sa.Date)
        if db.engine.dialect.name == "postgresql"
        else sa.func.date(AgendaSession.starts_wall)
    )
    counted = sa.select(on.label("day"), sa.func.count().label("number")).where(
        AgendaSession.event_id == event.id
    )
    rows = db.session.execute(counted.group_by(on).order_by(on))
    return [
        _day(
            row.day if isinstance(row.day, date) else date.fromisoformat(row.day), event, row.number
        )
        for row in rows
    ]


def _day(day: date, event: Event, number: int) -> AgendaDay:
    noon = time_zones.existing(datetime.combine(day, time(12)), event.zone)
    return AgendaDay(day, time_zones.to_utc(noon, event.zone, 0), number)


def sessions_on(event: Event, day: date) -> list[Slot]:
    """Return the sessions that begin on that day, with rooms, tracks and speakers, in order. Two
    statements.
    """
    first, last = (
        datetime.combine(day, datetime.min.time()),
        datetime.combine(day, datetime.max.time()),
    )
    given = {"event": event.id, "first": first, "last": last}
    speakers: dict[uuid.UUID, list[SpeakerLink]] = {}
    for row in db.session.execute(_speakers_on(), given):
        speakers.setdefault(row.session_id, []).append(
            SpeakerLink(row.name, f"{event.path}/speakers/{row.id}")
        )
    return [
        _slot(event, row, tuple(speakers.get(row.id, ())))
        for row in db.session.execute(_slots_on(), given)
    ]


def _slot(event: Event, row: Any, speakers: tuple[SpeakerLink, ...]) -> Slot:
    room = (
        RoomRow(row.room_id, row.room_name, row.room_capacity, row.room_position)
        if row.room_id is not None
        else None
    )
    free = None if row.capacity is None else max(0, row.capacity - row.seats_taken)
    times = (row.id, row.title, row.starts_at, row.ends_at, event.zone)
    return Slot(
        *times,
        row.cancelled_at,
        free,
        row.waiting_count,
        room,
        row.track_name or "",
        row.color or "",
        speakers,
    )


@cache
def _slots_on() -> sa.Select[Any]:
    """Cached. Selects plain columns, because a day may have hundreds of sessions."""
    names = (
        "id",
        "title",
        "starts_at",
        "ends_at",
        "cancelled_at",
        "capacity",
        "seats_taken",
        "waiting_count",
        "room_id",
    )
    room = (
        Room.name.label("room_name"),
        Room.capacity.label("room_capacity"),
        Room.position.label("room_position"),
    )
    query = sa.select(
        *(getattr(AgendaSession, name) for name in names),
        *room,
        Track.name.label("track_name"),
        Track.color,
    )
    query = query.outerjoin(Room, Room.id == AgendaSession.room_id).outerjoin(
        Track, Track.id == AgendaSession.track_id
    )
    return query.where(*_ON).order_by(
        AgendaSession.starts_at, AgendaSession.room_id, AgendaSession.id
    )


@cache
def _speakers_on() -> sa.Select[Any]:
    query = sa.select(session_speaker.c.session_id, Speaker.id, Speaker.name).join_from(
        session_speaker, Speaker
    )
    return (
        query.join(AgendaSession, AgendaSession.id == session_speaker.c.session_id)
        .where(*_ON)
        .order_by(Speaker.name)
    )


def sessions_of(event: Event) -> Sequence[AgendaSession]:
    """Return all sessions with rooms, tracks and speakers, in order."""
    return _sessions(event)


def _sessions(event: Event, *which: sa.ColumnElement[bool]) -> Sequence[AgendaSession]:
    query = (
        sa.select(AgendaSession).where(AgendaSession.event_id == event.id, *which).options(*_WITH)
    )
    return db.session.scalars(
        query.order_by(AgendaSession.starts_at, AgendaSession.room_id, AgendaSession.id)
    ).all()


def shown_day(
    days: Sequence[AgendaDay], requested: str, now: datetime, zone: str
) -> AgendaDay | None:
    """Return the requested day. Otherwise today; or yesterday, after midnight; if neither has
    sessions, the first day.
    """
    by_date, today = {day.date: day for day in days}, time_zones.wall(now, zone).date()
    named = next((day for day in days if day.date.isoformat() == requested), None)
    return (
        named
        or by_date.get(today)
        or by_date.get(today - timedelta(days=1))
        or next(iter(days), None)
    )


def chosen_by(event: Event, who: Any) -> dict[uuid.UUID, Booking]:
    """Return the bookings of `who`, possibly a guest, in the event's sessions, by session id, with
    the sessions loaded. One statement.
    """
    if who.id is None:
        return {}
    query = (
        sa.select(Booking)
        .join(Booking.session)
        .where(AgendaSession.event_id == event.id, is_of(who, Booking))
    )
    query = query.where(Booking.state.in_(SEATED_OR_WAITING)).options(
        contains_eager(Booking.session)
    )
    return {row.session_id: row for row in db.session.scalars(query)}


def agenda_of(event: Event, who: Any) -> list[tuple[AgendaSession, Booking]]:
    """Return the sessions that `who` has chosen, in order, each with its booking."""
    chosen = chosen_by(event, who)
    return (
        [(one, chosen[one.id]) for one in _sessions(event, AgendaSession.id.in_(chosen))]
        if chosen
        else []
    )


def position_in(row: Booking | None) -> int | None:
    """Return the position on the session's waiting list, from 1; None if not on it."""
    if row is None or not row.is_on_waitlist:
        return None
    before = sa.select(sa.func.count()).where(
        Booking.session_id == row.session_id, on_waitlist(Booking), Booking.position < row.position
    )
    return 1 + (db.session.scalar(before) or 0)


def positions_of(event: Event, who: Any) -> dict[uuid.UUID, int | None]:
    """Return the positions of `who` on sessions' waiting lists, by session id. One statement."""
    other = sa.orm.aliased(Booking)
    before = sa.select(sa.func.count() + 1).where(
        other.session_id == Booking.session_id,
        on_waitlist(other),
        other.position < Booking.position,
    )
    query = sa.select(Booking.session_id, before.correlate(Booking).scalar_subquery()).join(
        Booking.session
    )
    query = query.where(
        AgendaSession.event_id == event.id, is_of(who, Booking), on_waitlist(Booking)
    )
    return dict(db.session.execute(query).all())


def participants(session: AgendaSession, most: int = 500) -> list[Any]:
    """Return the bookings with seats or on the waiting list, seats first, for hosts."""
    query = sa.select(Booking).where(
        Booking.session_id == session.id, Booking.state.in_(SEATED_OR_WAITING)
    )
    query = query.options(joinedload(Booking.user), joinedload(Booking.guest))
    order = (Booking.position.is_not(None), Booking.position, Booking.booked_at)
    return list(db.session.scalars(query.order_by(*order).limit(most)))


def answer_of(event: Event, who: Any) -> Rsvp | None:
    """Return the answer of `who` to the event, if any."""
    if who.id is None:
        return None
    return db.session.scalar(sa.select(Rsvp).where(Rsvp.event_id == event.id, is_of(who)))


def rooms_used(event: Event) -> dict[uuid.UUID | None, int]:
    """Return how many sessions take place in each room, by its id."""
    counted = sa.select(AgendaSession.room_id, sa.func.count()).where(
        AgendaSession.event_id == event.id
    )
    counted = counted.where(
        AgendaSession.cancelled_at.is_(None), AgendaSession.room_id.is_not(None)
    )
    return dict(db.session.execute(counted.group_by(AgendaSession.room_id)).all())
