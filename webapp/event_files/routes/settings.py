"""Hosts settle who brings pictures and files, and for whom they are."""

from typing import Any

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.extensions import db
from ...core.http.errors import UserError
from ...core.http.pages import redirect_303, render_page
from ...core.http.permissions import actor, permission
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
    if not form.validate():
        return _page(event, form, 422)
    try:
        uploads.settle(event, actor(), form.files_by.data, form.files_for.data)
    except UserError as broken:
        db.session.rollback()
        return _page(event, form.refuse(broken), broken.status)
    db.session.commit()
    flash(_("Kept."), "yes")
    return redirect_303(url_for(".edit", slug=slug))


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
