"""Hosts settle who brings pictures and files, and for whom they are."""

from typing import Any

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.http.pages import render_page
from ...core.http.permissions import actor, permission
from ...core.http.submit import submitted
from ...events import access
from ...events.models import Event
from .. import uploads
from ..forms import FilesForm
from .access import size_in_words
from .uploads import most

bp = Blueprint("event_files_settings", __name__, url_prefix="/events/<slug>/manage/files")


@bp.get("")
@permission("event:edit")
def edit(slug: str) -> ResponseReturnValue:
    """Show who can upload and see files, and how much room is left."""
    event = access.event_to(current_user, "event:edit", slug)
    return _page(event, FilesForm(formdata=None, obj=event))


@bp.post("")
@permission("event:edit")
def update(slug: str) -> ResponseReturnValue:
    """Save who can upload and see files."""
    event, form = access.event_to(current_user, "event:edit", slug), FilesForm()
    return submitted(
        form,
        lambda: uploads.set_access(
            event, actor(), form.file_uploaders.data, form.file_viewers.data
        ),
        again=lambda refused: _page(event, form, refused.status),
        to=url_for(".edit", slug=slug),
        flash=_("Saved."),
    )


def _page(event: Event, form: FilesForm, status: int = 200) -> ResponseReturnValue:
    whole = most()
    room = uploads.room_for(event, actor(), whole)
    shown: dict[str, Any] = {
        "form": form,
        "room": room,
        "whole": whole,
        "size_in_words": size_in_words,
    }
    return render_page("events/manage/files.html", status=status, event=event, **shown)
