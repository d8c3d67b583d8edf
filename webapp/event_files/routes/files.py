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
from ...core.http.permissions import actor, permission, public
from ...core.http.submit import done, refused_at, submitted
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
@public
def index(slug: str) -> ResponseReturnValue:
    """List the event's files."""
    event = event_with_files(slug)
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
@public
def show(slug: str, file_id: UUID) -> Response:
    """Download one file; no browser displays it."""
    event = event_with_files(slug)
    file = reads.one(event, current_user, file_id, is_picture=False)
    if file is None or file.attachment is None:
        abort(404)
    return attachments.send_attachment(file.attachment, file.kind, file.name)


@bp.get("/<uuid:file_id>/edit")
@permission("event:see_files")
def edit(slug: str, file_id: UUID) -> ResponseReturnValue:
    """Show the form for a file's caption and a picture's description."""
    file = _mine(slug, file_id)
    return _words_page(file, FileDetailsForm(formdata=None, caption=file.caption, alt=file.alt))


@bp.post("/<uuid:file_id>/edit")
@permission("event:see_files")
def update(slug: str, file_id: UUID) -> ResponseReturnValue:
    """Save the caption and description."""
    file, form = _mine(slug, file_id), FileDetailsForm()
    if not form.validate():
        return _words_page(file, form, 422)
    uploads.describe(file, actor(), form.caption.data or "", form.alt.data or "")
    return done(_home_of(file), _("Saved."))


@bp.get("/<uuid:file_id>/removal")
@permission("event:see_files")
def ask(slug: str, file_id: UUID) -> ResponseReturnValue:
    """Ask before the file is deleted."""
    return _removal_page(_mine(slug, file_id), Form())


@bp.post("/<uuid:file_id>/removal")
@permission("event:see_files")
def delete(slug: str, file_id: UUID) -> ResponseReturnValue:
    """Delete the file."""
    file, form = _mine(slug, file_id), Form()
    back = url_for("event_gallery.index" if file.is_picture else ".index", slug=slug)
    if not form.validate():
        return _removal_page(file, form, 422)
    return submitted(
        None,
        lambda: uploads.remove(file, actor()),
        again=refused_at(back),
        to=back,
        flash=_("Removed."),
    )


def _mine(slug: str, file_id: UUID) -> EventFile:
    """The event's file, for the person who uploaded it, hosts and moderators; 403 for others who
    see the event.
    """
    event = access.event_for(current_user, slug)
    file = reads.one(event, current_user, file_id)
    if file is None:
        abort(404)
    if not uploads.may_change(current_user, file):
        abort(403)
    return file


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


@gallery_bp.get("", endpoint="index")
@public
def list_pictures(slug: str) -> ResponseReturnValue:
    """Show the pictures, the newest first."""
    event = event_with_files(slug)
    listing = reads.pictures(event, current_user, requested_cursor()).numbered(
        page_number(), event.picture_count
    )
    return render_page(
        "event_files/gallery.html", event=event, listing=listing, may_add=may_add(event)
    )


@gallery_bp.get("/<uuid:file_id>", endpoint="show")
@public
def show_picture(slug: str, file_id: UUID) -> ResponseReturnValue:
    """Show one picture, with links to its neighbours."""
    event, file = _picture(slug, file_id)
    around = reads.around(event, current_user, file)
    may_change = uploads.may_change(current_user, file)
    return render_page(
        "event_files/picture.html", event=event, file=file, around=around, may_change=may_change
    )


@gallery_bp.get("/<uuid:file_id>/<int:size>")
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


settings_bp = Blueprint("event_files_settings", __name__, url_prefix="/events/<slug>/manage/files")


@settings_bp.get("", endpoint="edit")
@permission("event:edit")
def edit_settings(slug: str) -> ResponseReturnValue:
    """Show who can upload and see files, and how much room is left."""
    event = access.event_to(current_user, "event:edit", slug)
    return _settings_page(event, FilesForm(formdata=None, obj=event))


@settings_bp.post("", endpoint="update")
@permission("event:edit")
def update_settings(slug: str) -> ResponseReturnValue:
    """Save who can upload and see files."""
    event, form = access.event_to(current_user, "event:edit", slug), FilesForm()
    return submitted(
        form,
        lambda: uploads.set_access(
            event, actor(), form.file_uploaders.data, form.file_viewers.data
        ),
        again=lambda refused: _settings_page(event, form, refused.status),
        to=url_for(".edit", slug=slug),
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
