"""The rooms and the tracks of an agenda, on one page."""

from typing import Any
from uuid import UUID

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.db import idempotency
from ...core.http.pages import render_page
from ...core.http.permissions import actor, permission
from ...core.http.submit import done, submitted
from ...events import access
from ...events.models import Event
from .. import reads as reads
from .. import rooms
from ..forms import RoomForm, TrackForm
from ..models import Room, Track

bp = Blueprint("rooms", __name__, url_prefix="/events/<slug>/manage")


@bp.get("/rooms")
@permission("event:edit")
def index(slug: str) -> ResponseReturnValue:
    """List rooms and tracks, and the forms for more."""
    return _list(access.event_to(current_user, "event:edit", slug))


@bp.post("/rooms")
@permission("event:edit")
def create_room(slug: str) -> ResponseReturnValue:
    """Create a room."""
    event, form = access.event_to(current_user, "event:edit", slug), RoomForm()
    return submitted(
        form,
        lambda: idempotency.create_once(
            Room, actor(), lambda id: rooms.add_room(event, by=actor(), id=id, **form.values())
        ),
        again=lambda refused: _list(event, room_form=form, status=refused.status),
        to=url_for(".index", slug=slug),
        flash=_("Sessions can take place there now."),
    )


@bp.get("/rooms/<uuid:room_id>")
@permission("event:edit")
def edit_room(slug: str, room_id: UUID) -> ResponseReturnValue:
    """Show the form of one room."""
    event = access.event_to(current_user, "event:edit", slug)
    room: Room = rooms.with_id(Room, event, room_id)
    return _one(event, room, RoomForm(obj=room))


@bp.post("/rooms/<uuid:room_id>")
@permission("event:edit")
def update_room(slug: str, room_id: UUID) -> ResponseReturnValue:
    """Change the room."""
    event, form = access.event_to(current_user, "event:edit", slug), RoomForm()
    room: Room = rooms.with_id(Room, event, room_id)
    return submitted(
        form,
        lambda: rooms.change_room(event, room, by=actor(), **form.values()),
        again=lambda refused: _one(event, room, form, refused.status),
        to=url_for(".index", slug=slug),
        flash=_("Changed."),
    )


@bp.post("/rooms/<uuid:room_id>/rise")
@permission("event:edit")
def move_up(slug: str, room_id: UUID) -> ResponseReturnValue:
    """Move the room one place to the left."""
    event = access.event_to(current_user, "event:edit", slug)
    rooms.move_up(event, rooms.with_id(Room, event, room_id), by=actor())
    return done(url_for(".index", slug=slug))


@bp.post("/rooms/<uuid:room_id>/removal")
@permission("event:edit")
def delete_room(slug: str, room_id: UUID) -> ResponseReturnValue:
    """Delete the room, unless it has sessions."""
    event = access.event_to(current_user, "event:edit", slug)
    return submitted(
        None,
        lambda: rooms.remove_room(event, rooms.with_id(Room, event, room_id), by=actor()),
        again=lambda refused: _list(event, refused=refused.message, status=refused.status),
        to=url_for(".index", slug=slug),
        flash=_("That room is no more."),
    )


@bp.post("/tracks")
@permission("event:edit")
def create_track(slug: str) -> ResponseReturnValue:
    """Create a track."""
    event, form = access.event_to(current_user, "event:edit", slug), TrackForm()
    return submitted(
        form,
        lambda: idempotency.create_once(
            Track, actor(), lambda id: rooms.add_track(event, by=actor(), id=id, **form.values())
        ),
        again=lambda refused: _list(event, track_form=form, status=refused.status),
        to=url_for(".index", slug=slug),
        flash=_("Sessions can belong to it now."),
    )


@bp.get("/tracks/<uuid:track_id>")
@permission("event:edit")
def edit_track(slug: str, track_id: UUID) -> ResponseReturnValue:
    """Show the form of one track."""
    event = access.event_to(current_user, "event:edit", slug)
    track: Track = rooms.with_id(Track, event, track_id)
    return _one(event, track, TrackForm(data={"called": track.name, "color": track.color}))


@bp.post("/tracks/<uuid:track_id>")
@permission("event:edit")
def update_track(slug: str, track_id: UUID) -> ResponseReturnValue:
    """Change the track."""
    event, form = access.event_to(current_user, "event:edit", slug), TrackForm()
    track: Track = rooms.with_id(Track, event, track_id)
    return submitted(
        form,
        lambda: rooms.change_track(event, track, by=actor(), **form.values()),
        again=lambda refused: _one(event, track, form, refused.status),
        to=url_for(".index", slug=slug),
        flash=_("Changed."),
    )


@bp.post("/tracks/<uuid:track_id>/removal")
@permission("event:edit")
def delete_track(slug: str, track_id: UUID) -> ResponseReturnValue:
    """Delete the track; its sessions have none."""
    event = access.event_to(current_user, "event:edit", slug)
    rooms.remove_track(event, rooms.with_id(Track, event, track_id), by=actor())
    return done(url_for(".index", slug=slug), _("That track is no more."))


def _one(event: Event, row: Any, form: Any, status: int = 200) -> ResponseReturnValue:
    return render_page("events/manage/room.html", status=status, event=event, row=row, form=form)


def _list(
    event: Event,
    room_form: RoomForm | None = None,
    track_form: TrackForm | None = None,
    refused: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    forms = {
        "room_form": room_form or RoomForm(formdata=None),
        "track_form": track_form or TrackForm(formdata=None),
    }
    shown: dict[str, Any] = {
        "event": event,
        "rooms": rooms.rooms_of(event),
        "tracks": rooms.tracks_of(event),
    }
    shown |= {"used": reads.rooms_used(event), "refused": refused, **forms}
    return render_page("events/manage/rooms.html", status=status, **shown)
