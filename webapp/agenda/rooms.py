"""The rooms of an event's agenda."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from ..accounts.models import User
from ..core.db import ordering
from ..core.db.session import new_id
from ..core.extensions import db
from ..core.http.errors import UserError
from ..events import planning
from ..events.models import Event
from . import clashes
from .models import AgendaSession, Room
from .rows import find, record_change, refuse_duplicate

MOST = 40


def rooms_of(event: Event) -> Sequence[Room]:
    """The rooms in their order."""
    return db.session.scalars(
        sa.select(Room).where(Room.event_id == event.id).order_by(Room.position)
    ).all()


def with_id(event: Event, room_id: UUID) -> Room:
    """The room with this id, of this event and no other; raises NotFound."""
    return find(Room, event, room_id)


def add(
    event: Event, by: User, name: str, capacity: int | None = None, id: UUID | None = None
) -> Room:
    """Sessions can take place in one room more, which is last in the order."""
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
    """The room is so from now on.

    Raises UserError where it holds fewer than a session there lets in.
    """
    event = planning.hold_changeable(event)
    refuse_duplicate([one for one in rooms_of(event) if one.id != room.id], name)
    room.name, room.capacity = name, capacity
    clashes.refuse_small(room)
    record_change(event, room, by)


def move_up(event: Event, room: Room, by: User) -> None:
    """The room is one further left in the agenda; the first stays where it is."""
    event = planning.hold_changeable(event)
    ordering.move_up(rooms_of(event), room)
    record_change(event, room, by)


def remove(event: Event, room: Room, by: User) -> None:
    """The room is no more. Raises UserError while sessions take place there."""
    event = planning.hold_changeable(event)
    used = sa.select(AgendaSession.title).where(
        AgendaSession.room_id == room.id, AgendaSession.cancelled_at.is_(None)
    )
    titles = db.session.scalars(used.order_by(AgendaSession.starts_at).limit(clashes.NAMED)).all()
    if titles:
        named = ", ".join(f"“{title}”" for title in titles)
        raise UserError(_("This room has sessions: %(sessions)s. Move them first.", sessions=named))
    rest = [one for one in rooms_of(event) if one.id != room.id]
    db.session.delete(room)
    db.session.flush()
    ordering.number(rest)
    record_change(event, None, by)
