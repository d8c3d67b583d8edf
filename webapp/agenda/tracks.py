"""The tracks of an event's agenda."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from ..accounts.models import User
from ..core.db.base import new_id
from ..core.extensions import db
from ..core.http.errors import UserError
from ..events import planning
from ..events.models import Event
from .models import Track
from .rows import find, record_change, refuse_duplicate

MOST = 30


def tracks_of(event: Event) -> Sequence[Track]:
    """Return the tracks by name."""
    return db.session.scalars(
        sa.select(Track).where(Track.event_id == event.id).order_by(Track.name)
    ).all()


def with_id(event: Event, track_id: UUID) -> Track:
    """Return the event's track with this id. Raises NotFound."""
    return find(Track, event, track_id)


def add(event: Event, by: User, name: str, color: str, id: UUID | None = None) -> Track:
    """Add a track. Raises UserError if there are too many or the name exists."""
    event = planning.hold_changeable(event)
    tracks = tracks_of(event)
    if len(tracks) >= MOST:
        raise UserError(_("You can have up to 30 tracks."))
    refuse_duplicate(tracks, name, "called")
    track = Track(id=id or new_id(), event_id=event.id, name=name, color=color)
    db.session.add(track)
    return record_change(event, track, by)


def change(event: Event, track: Track, by: User, name: str, color: str) -> None:
    """Change the track's name and colour. Raises UserError if the name exists."""
    event = planning.hold_changeable(event)
    refuse_duplicate([one for one in tracks_of(event) if one.id != track.id], name, "called")
    track.name, track.color = name, color
    record_change(event, track, by)


def remove(event: Event, track: Track, by: User) -> None:
    """Delete the track; its sessions stay without one."""
    event = planning.hold_changeable(event)
    db.session.delete(track)
    record_change(event, None, by)
