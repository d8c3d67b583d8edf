"""The rooms and the tracks of an agenda, on one page."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.db import idempotency
from ...core.extensions import db
from ...core.http.errors import UserError
from ...core.http.pages import redirect_303, render_page
from ...core.http.permissions import actor, permission
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
    if not form.validate():
        return _list(event, room_form=form, status=422)
    try:
        idempotency.create_once(
            Room, actor(), lambda id: rooms.add_room(event, by=actor(), id=id, **form.values())
        )
    except UserError as broken:
        db.session.rollback()
        form.refuse(broken)
        return _list(access.event_for(current_user, slug), room_form=form, status=broken.status)
    flash(_("Sessions can take place there now."), "yes")
    return _back(slug)


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
    change = lambda room: rooms.change_room(event, room, by=actor(), **form.values())  # noqa: E731
    return _change(event, Room, room_id, form, change)


@bp.post("/rooms/<uuid:room_id>/rise")
@permission("event:edit")
def rise(slug: str, room_id: UUID) -> ResponseReturnValue:
    """Move the room one place to the left."""
    event = access.event_to(current_user, "event:edit", slug)
    rooms.rise(event, rooms.with_id(Room, event, room_id), by=actor())
    db.session.commit()
    return _back(slug)


@bp.post("/rooms/<uuid:room_id>/removal")
@permission("event:edit")
def delete_room(slug: str, room_id: UUID) -> ResponseReturnValue:
    """Delete the room, unless it has sessions."""
    event = access.event_to(current_user, "event:edit", slug)
    try:
        rooms.remove_room(event, rooms.with_id(Room, event, room_id), by=actor())
    except UserError as broken:
        db.session.rollback()
        return _list(
            access.event_for(current_user, slug), refused=broken.message, status=broken.status
        )
    db.session.commit()
    flash(_("That room is no more."), "yes")
    return _back(slug)


@bp.post("/tracks")
@permission("event:edit")
def create_track(slug: str) -> ResponseReturnValue:
    """Create a track."""
    event, form = access.event_to(current_user, "event:edit", slug), TrackForm()
    if not form.validate():
        return _list(event, track_form=form, status=422)
    try:
        idempotency.create_once(
            Track, actor(), lambda id: rooms.add_track(event, by=actor(), id=id, **form.values())
        )
    except UserError as broken:
        db.session.rollback()
        form.refuse(broken)
        return _list(access.event_for(current_user, slug), track_form=form, status=broken.status)
    flash(_("Sessions can belong to it now."), "yes")
    return _back(slug)


@bp.get("/tracks/<uuid:track_id>")
@permission("event:edit")
def edit_track(slug: str, track_id: UUID) -> ResponseReturnValue:
    """Show the form of one track."""
    event = access.event_to(current_user, "event:edit", slug)
    track: Track = rooms.with_id(Track, event, track_id)
    return _one(event, track, TrackForm(data={"called": track.name, "paint": track.paint}))


@bp.post("/tracks/<uuid:track_id>")
@permission("event:edit")
def update_track(slug: str, track_id: UUID) -> ResponseReturnValue:
    """Change the track."""
    event, form = access.event_to(current_user, "event:edit", slug), TrackForm()

    def change(track: Track) -> None:
        rooms.change_track(event, track, by=actor(), **form.values())

    return _change(event, Track, track_id, form, change)


@bp.post("/tracks/<uuid:track_id>/removal")
@permission("event:edit")
def delete_track(slug: str, track_id: UUID) -> ResponseReturnValue:
    """Delete the track; its sessions have none."""
    event = access.event_to(current_user, "event:edit", slug)
    rooms.remove_track(event, rooms.with_id(Track, event, track_id), by=actor())
    db.session.commit()
    flash(_("That track is no more."), "yes")
    return _back(slug)


def _change(
    event: Event, model: type[Any], id: UUID, form: Any, change: Any
) -> ResponseReturnValue:
    row, slug = rooms.with_id(model, event, id), event.slug
    if not form.validate():
        return _one(event, row, form, 422)
    try:
        change(row)
    except UserError as broken:
        db.session.rollback()
        event = access.event_for(current_user, slug)
        form.refuse(broken)
        return _one(event, rooms.with_id(model, event, id), form, broken.status)
    db.session.commit()
    flash(_("Changed."), "yes")
    return _back(slug)


def _back(slug: str) -> ResponseReturnValue:
    return redirect_303(url_for("rooms.index", slug=slug))


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
