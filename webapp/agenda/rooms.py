"""The rooms and the tracks of an event's agenda."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from ..accounts.models import User
from ..core.db import ordering
from ..core.db.session import new_id
from ..core.extensions import db
from ..core.http.errors import UserError
from ..core.observability import audit
from ..events import planning
from ..events.models import Event
from . import clashes, notices
from .models import AgendaSession, Room, Track

MOST_ROOMS, MOST_TRACKS = 40, 30


def rooms_of(event: Event) -> Sequence[Room]:
    """The rooms in their order."""
    return db.session.scalars(
        sa.select(Room).where(Room.event_id == event.id).order_by(Room.position)
    ).all()


def tracks_of(event: Event) -> Sequence[Track]:
    """The tracks by name."""
    return db.session.scalars(
        sa.select(Track).where(Track.event_id == event.id).order_by(Track.name)
    ).all()


def with_id(model: type[Any], event: Event, id: UUID) -> Any:
    """The room, the track or the speaker with this id, of this event and no other; raises
    NotFound.
    """
    found = db.session.scalar(sa.select(model).where(model.id == id, model.event_id == event.id))
    if found is None:
        raise NotFound()
    return found


def add_room(
    event: Event, by: User, name: str, capacity: int | None = None, id: UUID | None = None
) -> Room:
    """Sessions can take place in one room more, which stands after the others."""
    event = planning.changeable(event)
    rooms = rooms_of(event)
    if len(rooms) >= MOST_ROOMS:
        raise UserError(_("Forty rooms are the most."))
    _refuse_twin(rooms, name)
    room = Room(
        id=id or new_id(), event_id=event.id, name=name, capacity=capacity, position=len(rooms) + 1
    )
    db.session.add(room)
    return _changed(event, room, by)


def change_room(event: Event, room: Room, by: User, name: str, capacity: int | None = None) -> None:
    """The room is so from now on.

    Raises UserError where it holds fewer than a session there lets in.
    """
    event = planning.changeable(event)
    _refuse_twin([one for one in rooms_of(event) if one.id != room.id], name)
    room.name, room.capacity = name, capacity
    clashes.refuse_small(event, room)
    _changed(event, room, by)


def move_up(event: Event, room: Room, by: User) -> None:
    """The room stands one place further left in the agenda; the first stays where it is."""
    event = planning.changeable(event)
    ordering.move_up(rooms_of(event), room)
    _changed(event, room, by)


def remove_room(event: Event, room: Room, by: User) -> None:
    """The room is no more. Raises UserError while sessions take place there."""
    event = planning.changeable(event)
    used = sa.select(AgendaSession.title).where(
        AgendaSession.room_id == room.id, AgendaSession.cancelled_at.is_(None)
    )
    titles = db.session.scalars(used.order_by(AgendaSession.starts_at).limit(clashes.NAMED)).all()
    if titles:
        named = ", ".join(f"“{title}”" for title in titles)
        raise UserError(
            _("Sessions take place there: %(sessions)s. Move them first.", sessions=named)
        )
    rest = [one for one in rooms_of(event) if one.id != room.id]
    db.session.delete(room)
    db.session.flush()
    ordering.number(rest)
    _changed(event, None, by)


def add_track(event: Event, by: User, name: str, color: str, id: UUID | None = None) -> Track:
    """Sessions can belong to one track more."""
    event = planning.changeable(event)
    tracks = tracks_of(event)
    if len(tracks) >= MOST_TRACKS:
        raise UserError(_("Thirty tracks are the most."))
    _refuse_twin(tracks, name, "called")
    track = Track(id=id or new_id(), event_id=event.id, name=name, color=color)
    db.session.add(track)
    return _changed(event, track, by)


def change_track(event: Event, track: Track, by: User, name: str, color: str) -> None:
    """The track is called so, and painted so, from now on."""
    event = planning.changeable(event)
    _refuse_twin([one for one in tracks_of(event) if one.id != track.id], name, "called")
    track.name, track.color = name, color
    _changed(event, track, by)


def remove_track(event: Event, track: Track, by: User) -> None:
    """The track is no more; its sessions belong to none."""
    event = planning.changeable(event)
    db.session.delete(track)
    _changed(event, None, by)


def _refuse_twin(others: Sequence[Any], name: str, field: str = "name") -> None:
    if any(one.name.casefold() == name.casefold() for one in others):
        raise UserError(_("“%(name)s” is there already.", name=name), field)


def _changed(event: Event, row: Any, by: User) -> Any:
    db.session.flush()
    audit.record("event.agenda_changed", by=by, subject=event)
    notices.agenda_changed(event)
    return row
