"""The agenda moves with its event, and is copied with it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from ..attendance import waitlist
from ..core.db.base import new_id
from ..core.db.session import POPULATE_EXISTING
from ..core.extensions import db
from ..core.storage import pictures
from ..core.time import clock, time_zones
from ..events.models import Event
from . import sessions as rule
from .models import AgendaSession, Room, Speaker, Track

ROOM = ("name", "capacity", "position")
TRACK = ("name", "color")
SPEAKER = ("user_id", "name", "bio", "links")
SESSION = ("title", "description", "capacity")


def move_sessions(
    event: Event, was: tuple[datetime, datetime], zone_before: str, whole: bool
) -> None:
    """Move the sessions if the whole event moved, in wall-clock time. Raises UserError at the
    event's end or start if a session would then be outside it. `was`: the event's start and end
    before. The caller must hold the event's lock.
    An event that keeps its length moved as a whole; so did one of another length if `whole` is
    true.
    """
    later = event.starts_wall - was[0]
    by = later if whole or event.ends_wall - was[1] == later else timedelta()
    for session in _sessions(event):
        if by or not _is_by_its_clocks(session, event):
            _shift(session, event, by)
        if not session.is_cancelled:
            rule.refuse_outside(
                event, session, field="ends" if session.starts_at >= event.starts_at else "starts"
            )
        rule.end_offers_at_start(session)
        waitlist.seats_came_free(session)


def last_end(event: Event) -> Callable[[datetime], datetime]:
    """Return a function from a start of the event to the end of its last session, both in
    wall-clock time; without sessions it returns the start.
    """
    sessions = [session for session in _sessions(event) if not session.is_cancelled]

    def ends(starts: datetime) -> datetime:
        by = starts - event.starts_wall
        return max((_shifted(session, event, by)[1] for session in sessions), default=starts)

    return ends


def copied(event: Event, copy: Event) -> None:
    """Copy the agenda to the copy of its event, moved by the same time. It's unpublished and has no
    bookings.
    """
    twins: dict[Any, Any] = {None: None}
    for model, names in ((Room, ROOM), (Track, TRACK), (Speaker, SPEAKER)):
        for row in db.session.scalars(sa.select(model).where(model.event_id == event.id)):
            twin = model(
                id=new_id(), event_id=copy.id, **{name: getattr(row, name) for name in names}
            )
            if isinstance(row, Speaker) and row.picture is not None:
                twin.picture = pictures.duplicate(pictures.AVATAR, row.picture)
            db.session.add(twin)
            twins[row.id] = twin
    db.session.flush()
    for session in _sessions(event):
        if session.cancelled_at is None:
            db.session.add(_twin(session, event, copy, twins))
    db.session.flush()


def _twin(
    session: AgendaSession, event: Event, copy: Event, twins: dict[Any, Any]
) -> AgendaSession:
    twin = AgendaSession(
        id=new_id(), event_id=copy.id, **{name: getattr(session, name) for name in SESSION}
    )
    twin.seats_taken = twin.waiting_count = twin.last_position = 0
    twin.starts_wall, twin.ends_wall = session.starts_wall, session.ends_wall
    twin.room, twin.track = twins[session.room_id], twins[session.track_id]
    twin.speakers = [twins[speaker.id] for speaker in session.speakers]
    _shift(twin, copy, copy.starts_wall - event.starts_wall)
    return twin


def _sessions(event: Event) -> list[AgendaSession]:
    query = sa.select(AgendaSession).where(AgendaSession.event_id == event.id)
    with_all = (
        joinedload(AgendaSession.room),
        joinedload(AgendaSession.track),
        selectinload(AgendaSession.speakers),
    )
    return list(
        db.session.scalars(
            query.options(*with_all).order_by(AgendaSession.starts_at),
            execution_options=POPULATE_EXISTING,
        )
    )


def _is_by_its_clocks(session: AgendaSession, event: Event) -> bool:
    """Whether its moments match its wall times, also in an hour that clocks show twice: then hosts'
    choice of the two is kept.
    """
    shown = (time_zones.wall(moment, event.zone) for moment in (session.starts_at, session.ends_at))
    return tuple(shown) == (session.starts_wall, session.ends_wall)


def _shift(session: AgendaSession, event: Event, by: timedelta) -> None:
    """Move it by this much wall-clock time, to the next existing time if clocks skip that hour. It
    always keeps some length.
    """
    session.starts_wall, session.ends_wall = _shifted(session, event, by)
    starts_at = time_zones.to_utc(session.starts_wall, event.zone, 0)
    ends_at = time_zones.to_utc(session.ends_wall, event.zone, 1)
    if (session.starts_at, session.ends_at) != (starts_at, ends_at):
        session.starts_at, session.ends_at = (
            starts_at,
            max(ends_at, starts_at + timedelta(minutes=1)),
        )
        session.version, session.changed_at = (session.version or 0) + 1, clock.now()


def _shifted(session: AgendaSession, event: Event, by: timedelta) -> tuple[datetime, datetime]:
    starts = time_zones.existing(session.starts_wall + by, event.zone)
    return starts, time_zones.existing(
        starts + (session.ends_wall - session.starts_wall), event.zone
    )
