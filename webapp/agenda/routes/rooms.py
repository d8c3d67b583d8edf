"""The rooms and tracks of an agenda, on one page."""

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from ...core.http.editable_lists import EditableList
from ...core.http.errors import UserError
from ...core.http.pages import render_page
from ...core.http.permissions import opens
from ...events import access
from ...events.models import Event
from .. import reads as reads, rooms, tracks
from ..forms import RoomForm, TrackForm
from ..models import Room, Track

bp = Blueprint("rooms", __name__, url_prefix="/events/<slug>/manage")


@bp.get("/rooms")
@opens(access.event_to, "event:edit")
def index(event: Event) -> ResponseReturnValue:
    """List rooms and tracks, and the forms for more."""
    return _list(event)


def _one(event: Event, row: Any, form: Any, status: int = 200) -> ResponseReturnValue:
    return render_page("agenda/manage/room.html", status=status, event=event, row=row, form=form)


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
        "tracks": tracks.tracks_of(event),
    }
    shown |= {"used": reads.rooms_used(event), "refused": refused, **forms}
    return render_page("agenda/manage/rooms.html", status=status, **shown)


def _refused(event: Event, refused: UserError) -> ResponseReturnValue:
    return _list(event, refused=refused.message, status=refused.status)


EditableList(
    noun="room",
    model=Room,
    rules=rooms,
    form=lambda event, room=None: RoomForm(obj=room),
    list_page=lambda event, form, status: _list(event, room_form=form, status=status),
    refused_page=_refused,
    row_page=_one,
    added=_l("Room added. You can use it for sessions now."),
    removed=_l("Room removed."),
).mount(bp, "event:edit", access.event_to, "/rooms", suffix="_room")

EditableList(
    noun="track",
    model=Track,
    rules=tracks,
    form=lambda event, track=None: TrackForm(
        data={"called": track.name, "color": track.color} if track else None
    ),
    list_page=lambda event, form, status: _list(event, track_form=form, status=status),
    refused_page=_refused,
    row_page=_one,
    added=_l("Track added. You can use it for sessions now."),
    removed=_l("Track removed."),
).mount(bp, "event:edit", access.event_to, "/tracks", suffix="_track")
