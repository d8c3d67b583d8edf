"""Uploading pictures and files to an event, several at once. Each refused file is listed with its
reason.
"""

from typing import Any, NamedTuple

from flask import Blueprint, current_app, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from werkzeug.datastructures import FileStorage

from ...accounts import loader
from ...core.extensions import db
from ...core.http.errors import UserError
from ...core.http.pages import redirect_303, render_page
from ...core.http.permissions import actor, loaded_again, opens
from ...core.http.uploads import MEGABYTE, MOST, TOGETHER, content_of, files_at_once, uploads
from ...core.storage.pictures import Crowded
from ...events.models import Event
from .. import uploads as files
from ..forms import UploadForm
from ..uploads import NewFile, UploadAllowance
from .access import event_to_add_to, size_in_words

bp = Blueprint("event_uploads", __name__, url_prefix="/events/<slug>/files")


class Refused(NamedTuple):
    """A refused file and the reason."""

    name: str
    sentence: str


@bp.get("/new")
@opens(event_to_add_to, "event:add_files")
def new(event: Event) -> ResponseReturnValue:
    """Show the upload form, with what it accepts."""
    return _form_page(event, UploadForm(formdata=None))


def _too_much(refused: UserError, event: Event) -> ResponseReturnValue:
    return _refuse(event, UploadForm(formdata=None), refused)


@bp.post("")
@opens(event_to_add_to, "event:add_files")
@uploads(_too_much, several=True)
def create(event: Event) -> ResponseReturnValue:
    """Save the files that are accepted, and name the refused ones with the reason."""
    form = UploadForm()
    if not form.validate():
        return _form_page(event, form, status=422)
    try:
        chosen = form.files.chosen()
        files.refuse_full(event, actor(), most())
        db.session.rollback()  # encoding takes a while: hold no locks meanwhile
        taken, refused = _taken(chosen)
        left_out = _brought(event, taken)
    except UserError as broken:
        db.session.rollback()
        (event,) = loaded_again()
        return _refuse(event, form, broken)
    db.session.commit()
    files.give_back(it for it, _why in left_out)
    kept = [it for it in taken if it not in [one for one, _why in left_out]]
    refused += [Refused(it.name, why) for it, why in left_out]
    if refused:
        (event,) = loaded_again()
        return _form_page(event, UploadForm(formdata=None), refused, len(kept), 422)
    flash(ngettext("1 file uploaded.", "%(num)d files uploaded.", len(kept)), "yes")
    only_files = all(it.attachment is not None for it in kept)
    return redirect_303(
        url_for("event_files.index" if only_files else "event_gallery.index", slug=event.slug)
    )


def _taken(chosen: list[FileStorage]) -> tuple[list[NewFile], list[Refused]]:
    """Store the uploads; return those stored and those refused. One refused file doesn't affect the
    others.
    """
    taken: list[NewFile] = []
    refused: list[Refused] = []
    is_crowded = False
    try:
        for one in chosen:
            name = one.filename or ""
            if is_crowded:
                refused.append(Refused(name[:100], refused[-1].sentence))
                continue
            try:
                taken.append(files.take(content_of(one), name))
            except UserError as broken:
                refused.append(Refused(name[:100], broken.message))
                is_crowded = isinstance(
                    broken, Crowded
                )  # nobody waits again for each of the others
    except BaseException:
        files.give_back(taken)
        raise
    return taken, refused


def _brought(event: Event, taken: list[NewFile]) -> list[tuple[NewFile, str]]:
    """Add the stored uploads to the event; return those refused. On an error none is added, and
    their bytes are deleted, as when the person was signed out meanwhile.
    """
    try:
        loader.hold_actor_again()
        return files.add(event, actor(), taken, most()) if taken else []
    except BaseException:
        db.session.rollback()
        files.give_back(taken)
        raise


def most() -> UploadAllowance:
    """Return the limits for an event and for a person."""
    config = current_app.config
    return UploadAllowance(
        config["FILES_PER_EVENT"] * MEGABYTE, config["FILES_PER_PERSON"] * MEGABYTE
    )


def _refuse(event: Event, form: UploadForm, broken: UserError) -> ResponseReturnValue:
    form.refuse(UserError(broken.message, "files"))
    return _form_page(event, form, status=broken.status)


def _form_page(
    event: Event,
    form: UploadForm,
    refused: list[Refused] | None = None,
    kept: int = 0,
    status: int = 200,
) -> ResponseReturnValue:
    shown: dict[str, Any] = {
        "form": form,
        "refused": refused or [],
        "kept": kept,
        "room": files.room_for(event, actor(), most()),
    }
    shown |= {
        "most": MOST,
        "at_once": files_at_once(),
        "together": TOGETHER,
        "size_in_words": size_in_words,
    }
    return render_page(
        "event_files/new.html",
        {"refused": "event_files/_refused.html"},
        status,
        event=event,
        **shown,
    )
