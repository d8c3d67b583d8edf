"""An event's files and pictures: listing, showing, downloading, describing and removing them, with
the event page's access rules. And the hosts' settings.
"""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.db.keyset import requested_cursor
from ...core.http.forms import Form
from ...core.http.pages import page_number, render_page
from ...core.http.permissions import actor, opens
from ...core.http.submit import done, page_with, refused_at, submitted
from ...core.storage import attachments, pictures
from ...events import access
from ...events.models import Event
from .. import reads as reads, uploads
from ..forms import FileDetailsForm, FilesForm
from ..models import EventFile
from .access import event_with_files, may_add, size_in_words
from .uploads import most

bp = Blueprint("event_files", __name__, url_prefix="/events/<slug>/files")


@bp.get("")
@opens(event_with_files, "event:see_files", to_visitors=True)
def index(event: Event) -> ResponseReturnValue:
    """List the event's files."""
    listing = reads.files(event, current_user, requested_cursor())
    moderates = access.can_moderate(current_user, event)
    shown: dict[str, Any] = {
        "may_add": may_add(event),
        "moderates": moderates,
        "size_in_words": size_in_words,
    }
    return render_page(
        "event_files/index.html",
        event=event,
        listing=listing,
        kinds=attachments.FILE_TYPES,
        **shown,
    )


@bp.get("/<uuid:file_id>")
@opens(event_with_files, "event:see_files", to_visitors=True)
def show(event: Event, file_id: UUID) -> Response:
    """Download one file; no browser displays it."""
    file = reads.one(event, current_user, file_id, is_picture=False)
    if file is None or file.attachment is None:
        abort(404)
    return attachments.send_attachment(file.attachment, file.kind, file.name)


def _own_file(user: Any, action: str, slug: str, file_id: UUID) -> EventFile:
    """The event's file, for the person who uploaded it, hosts and moderators; 403 for others who
    see the event.
    """
    event = access.event_to(user, action, slug)
    file = reads.one(event, user, file_id)
    if file is None:
        abort(404)
    return file if uploads.may_change(user, file) else abort(403)


@bp.get("/<uuid:file_id>/edit")
@opens(_own_file, "event:view")
def edit(file: EventFile) -> ResponseReturnValue:
    """Show the form for a file's caption and a picture's description."""
    return _words_page(file, FileDetailsForm(formdata=None, caption=file.caption, alt=file.alt))


@bp.post("/<uuid:file_id>/edit")
@opens(_own_file, "event:view")
def update(file: EventFile) -> ResponseReturnValue:
    """Save the caption and description."""
    form = FileDetailsForm()
    if not form.validate():
        return _words_page(file, form, 422)
    uploads.describe(file, actor(), form.caption.data or "", form.alt.data or "")
    return done(_home_of(file), _("Saved."))


@bp.get("/<uuid:file_id>/removal")
@opens(_own_file, "event:view")
def ask(file: EventFile) -> ResponseReturnValue:
    """Ask before the file is deleted."""
    return _removal_page(file, Form())


@bp.post("/<uuid:file_id>/removal")
@opens(_own_file, "event:view")
def delete(file: EventFile) -> ResponseReturnValue:
    """Delete the file."""
    form = Form()
    endpoint = "event_gallery.index" if file.is_picture else ".index"
    back = url_for(endpoint, slug=file.event.slug)
    if not form.validate():
        return _removal_page(file, form, 422)
    return submitted(
        None,
        lambda: uploads.remove(file, actor()),
        again=refused_at(back),
        to=back,
        flash=_("Removed."),
    )


def _home_of(file: EventFile) -> str:
    return file.path if file.is_picture else url_for(".index", slug=file.event.slug)


def _words_page(file: EventFile, form: FileDetailsForm, status: int = 200) -> ResponseReturnValue:
    return render_page(
        "event_files/edit.html",
        status=status,
        event=file.event,
        file=file,
        form=form,
        home=_home_of(file),
    )


def _removal_page(file: EventFile, form: Form, status: int = 200) -> ResponseReturnValue:
    shown: dict[str, Any] = {"file": file, "form": form, "keep_url": _home_of(file)}
    return render_page("event_files/removal.html", status=status, event=file.event, **shown)


gallery_bp = Blueprint("event_gallery", __name__, url_prefix="/events/<slug>/pictures")


def _picture(event: Event, file_id: UUID) -> EventFile:
    file = reads.one(event, actor(), file_id, is_picture=True)
    return file if file is not None else abort(404)


@gallery_bp.get("", endpoint="index")
@opens(event_with_files, "event:see_files", to_visitors=True)
def list_pictures(event: Event) -> ResponseReturnValue:
    """Show the pictures, the newest first."""
    listing = reads.pictures(event, current_user, requested_cursor()).numbered(
        page_number(), event.picture_count
    )
    return render_page(
        "event_files/gallery.html", event=event, listing=listing, may_add=may_add(event)
    )


@gallery_bp.get("/<uuid:file_id>", endpoint="show")
@opens(event_with_files, "event:see_files", _picture, to_visitors=True)
def show_picture(event: Event, file: EventFile) -> ResponseReturnValue:
    """Show one picture, with links to its neighbours."""
    around = reads.around(event, current_user, file)
    may_change = uploads.may_change(current_user, file)
    return render_page(
        "event_files/picture.html", event=event, file=file, around=around, may_change=may_change
    )


@gallery_bp.get("/<uuid:file_id>/<int:size>")
@opens(event_with_files, "event:see_files", _picture, to_visitors=True)
def image(_event: Event, file: EventFile, size: int) -> Response:
    """Serve a picture as we encoded it."""
    assert file.picture is not None
    return pictures.answer(pictures.PHOTO, file.picture, size)


settings_bp = Blueprint("event_files_settings", __name__, url_prefix="/events/<slug>/manage/files")


@settings_bp.get("", endpoint="edit")
@opens(access.event_to, "event:edit")
def edit_settings(event: Event) -> ResponseReturnValue:
    """Show who can upload and see files, and how much room is left."""
    return _settings_page(event, FilesForm(formdata=None, obj=event))


@settings_bp.post("", endpoint="update")
@opens(access.event_to, "event:edit")
def update_settings(event: Event) -> ResponseReturnValue:
    """Save who can upload and see files."""
    form = FilesForm()
    return submitted(
        form,
        lambda: uploads.set_access(
            event, actor(), form.file_uploaders.data, form.file_viewers.data
        ),
        again=page_with(_settings_page, form),
        to=url_for(".edit", slug=event.slug),
        flash=_("Saved."),
    )


def _settings_page(event: Event, form: FilesForm, status: int = 200) -> ResponseReturnValue:
    whole = most()
    room = uploads.room_for(event, actor(), whole)
    shown: dict[str, Any] = {
        "form": form,
        "room": room,
        "whole": whole,
        "size_in_words": size_in_words,
    }
    return render_page("event_files/manage/files.html", status=status, event=event, **shown)
