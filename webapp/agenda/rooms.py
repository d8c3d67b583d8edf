"""The rooms of an event's agenda."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from ..accounts.models import User
from ..core.db import ordering
from ..core.db.base import new_id
from ..core.extensions import db
from ..core.http.errors import UserError
from ..core.text.strings import listed
from ..events import planning
from ..events.models import Event
from . import clashes
from .models import AgendaSession, Room
from .rows import find, record_change, refuse_duplicate

MOST = 40


def rooms_of(event: Event) -> Sequence[Room]:
    """Return the rooms in order."""
    return db.session.scalars(
        sa.select(Room).where(Room.event_id == event.id).order_by(Room.position)
    ).all()


def with_id(event: Event, room_id: UUID) -> Room:
    """Return the event's room with this id. Raises NotFound."""
    return find(Room, event, room_id)


def add(
    event: Event, by: User, name: str, capacity: int | None = None, id: UUID | None = None
) -> Room:
    """Add a room, last in the order. Raises UserError if there are too many or the name exists."""
    event = planning.hold_changeable(event)
    rooms = rooms_of(event)
    if len(rooms) >= MOST:
        raise UserError(_("You can have up to 40 rooms."))
    refuse_duplicate(rooms, name)
    room = Room(
        id=id or new_id(), event_id=event.id, name=name, capacity=capacity, position=len(rooms) + 1
    )
    db.session.add(room)
    return record_change(event, room, by)


def change(event: Event, room: Room, by: User, name: str, capacity: int | None = None) -> None:
    """Change the room.
    Raises UserError if a session there has more seats, or the name exists.
    """
    event = planning.hold_changeable(event)
    refuse_duplicate([one for one in rooms_of(event) if one.id != room.id], name)
    room.name, room.capacity = name, capacity
    clashes.refuse_small(room)
    record_change(event, room, by)


def move_up(event: Event, room: Room, by: User) -> None:
    """Move the room one place to the left in the agenda, unless it's the first."""
    event = planning.hold_changeable(event)
    ordering.move_up(rooms_of(event), room)
    record_change(event, room, by)


def remove(event: Event, room: Room, by: User) -> None:
    """Delete the room. Raises UserError while it has sessions."""
    event = planning.hold_changeable(event)
    used = sa.select(AgendaSession.title).where(
        AgendaSession.room_id == room.id, AgendaSession.cancelled_at.is_(None)
    )
    titles = db.session.scalars(used.order_by(AgendaSession.starts_at).limit(clashes.NAMED)).all()
    if titles:
        named = listed(f"“{title}”" for title in titles)
        raise UserError(_("This room has sessions: %(sessions)s. Move them first.", sessions=named))
    rest = [one for one in rooms_of(event) if one.id != room.id]
    db.session.delete(room)
    db.session.flush()
    ordering.number(rest)
    record_change(event, None, by)
