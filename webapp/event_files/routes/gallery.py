"""An event's pictures: all of them page by page, each on a page of its own, and their bytes,
under one access.
"""

from uuid import UUID

from flask import Blueprint, Response, abort
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ...core.db.keyset import requested_cursor
from ...core.http.pages import page_number, render_page
from ...core.http.permissions import public
from ...core.storage import pictures
from ...events.models import Event
from .. import reads as reads
from .. import uploads
from ..models import EventFile
from .access import event_with_files, may_add

bp = Blueprint("event_gallery", __name__, url_prefix="/events/<slug>/pictures")


@bp.get("")
@public
def index(slug: str) -> ResponseReturnValue:
    """Show the pictures, the newest first."""
    event = event_with_files(slug)
    listing = reads.pictures(event, current_user, requested_cursor()).numbered(
        page_number(), event.picture_count
    )
    return render_page(
        "event_files/gallery.html", event=event, listing=listing, may_add=may_add(event)
    )


@bp.get("/<uuid:file_id>")
@public
def show(slug: str, file_id: UUID) -> ResponseReturnValue:
    """Show one picture, with links to its neighbours."""
    event, file = _picture(slug, file_id)
    around = reads.around(event, current_user, file)
    may_change = uploads.may_change(current_user, file)
    return render_page(
        "event_files/picture.html", event=event, file=file, around=around, may_change=may_change
    )


@bp.get("/<uuid:file_id>/<int:size>")
@public
def image(slug: str, file_id: UUID, size: int) -> Response:
    """Serve a picture as we encoded it."""
    _event, file = _picture(slug, file_id)
    assert file.picture is not None
    return pictures.answer(pictures.PHOTO, file.picture, size)


def _picture(slug: str, file_id: UUID) -> tuple[Event, EventFile]:
    event = event_with_files(slug)
    file = reads.one(event, current_user, file_id, is_picture=True)
    if file is None:
        abort(404)
    return event, file
