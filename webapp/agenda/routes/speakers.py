"""Who speaks at an event, as its hosts write it down."""

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
from ...core.http.uploads import uploads
from ...events import access
from ...events.models import Event
from .. import rooms, session_view, speakers
from ..forms import SpeakerForm, SpeakerPictureForm
from ..models import Speaker

bp = Blueprint("speakers", __name__, url_prefix="/events/<slug>/manage/speakers")


@bp.get("")
@permission("event:edit")
def index(slug: str) -> ResponseReturnValue:
    """List the speakers, and the form for another."""
    return _list(access.event_to(current_user, "event:edit", slug), SpeakerForm())


@bp.post("")
@permission("event:edit")
def create(slug: str) -> ResponseReturnValue:
    """Create a speaker."""
    event, form = access.event_to(current_user, "event:edit", slug), SpeakerForm()
    if not form.validate():
        return _list(event, form, status=422)
    try:
        idempotency.create_once(
            Speaker, actor(), lambda id: speakers.add(event, by=actor(), id=id, **form.values())
        )
    except UserError as broken:
        db.session.rollback()
        form.refuse(broken)
        return _list(access.event_for(current_user, slug), form, status=broken.status)
    flash(_("You can name them with sessions now."), "yes")
    return redirect_303(url_for("speakers.index", slug=slug))


@bp.get("/<uuid:speaker_id>")
@permission("event:edit")
def edit(slug: str, speaker_id: UUID) -> ResponseReturnValue:
    """Show the form of one speaker, with their picture."""
    event, speaker = _mine(slug, speaker_id)
    return _one(event, speaker, SpeakerForm(speaker))


@bp.post("/<uuid:speaker_id>")
@permission("event:edit")
def update(slug: str, speaker_id: UUID) -> ResponseReturnValue:
    """Change the speaker."""
    (event, speaker), form = _mine(slug, speaker_id), SpeakerForm()
    if not form.validate():
        return _one(event, speaker, form, status=422)
    try:
        speakers.change(event, speaker, by=actor(), **form.values())
    except UserError as broken:
        db.session.rollback()
        form.refuse(broken)
        return _one(*_mine(slug, speaker_id), form, status=broken.status)
    db.session.commit()
    flash(_("Changed."), "yes")
    return redirect_303(url_for("speakers.index", slug=slug))


@bp.post("/<uuid:speaker_id>/removal")
@permission("event:edit")
def delete(slug: str, speaker_id: UUID) -> ResponseReturnValue:
    """Delete the speaker, unless sessions name them."""
    event, speaker = _mine(slug, speaker_id)
    try:
        speakers.remove(event, speaker, by=actor())
    except UserError as broken:
        db.session.rollback()
        return _list(
            access.event_for(current_user, slug), SpeakerForm(), broken.message, broken.status
        )
    db.session.commit()
    flash(_("They are no speaker any more."), "yes")
    return redirect_303(url_for("speakers.index", slug=slug))


def _refused(broken: UserError, slug: str, speaker_id: UUID) -> ResponseReturnValue:
    (event, speaker), form = _mine(slug, speaker_id), SpeakerPictureForm()
    form.refuse(broken)
    return _one(event, speaker, SpeakerForm(speaker), form, broken.status)


@bp.post("/<uuid:speaker_id>/picture")
@permission("event:edit")
@uploads(_refused)
def put_picture(slug: str, speaker_id: UUID) -> ResponseReturnValue:
    """Upload the speaker's picture."""
    (event, speaker), form = _mine(slug, speaker_id), SpeakerPictureForm()
    if not form.validate():
        return _one(event, speaker, SpeakerForm(speaker), form, 422)
    try:
        content = form.picture.content()
        db.session.rollback()  # drawing takes a while: nothing is held meanwhile
        speakers.put_picture(event, speaker, actor(), content)
    except UserError as broken:
        db.session.rollback()
        return _refused(broken, slug, speaker_id)
    db.session.commit()
    flash(_("The picture is there."), "yes")
    return redirect_303(url_for("speakers.edit", slug=slug, speaker_id=speaker_id))


@bp.post("/<uuid:speaker_id>/picture/removal")
@permission("event:edit")
def remove_picture(slug: str, speaker_id: UUID) -> ResponseReturnValue:
    """Delete the speaker's picture; initials replace it."""
    event, speaker = _mine(slug, speaker_id)
    speakers.remove_picture(event, speaker, actor())
    db.session.commit()
    flash(_("The picture is gone."), "yes")
    return redirect_303(url_for("speakers.edit", slug=slug, speaker_id=speaker_id))


def _mine(slug: str, speaker_id: UUID) -> tuple[Event, Speaker]:
    event = access.event_to(current_user, "event:edit", slug)
    return event, rooms.with_id(Speaker, event, speaker_id)


def _list(
    event: Event, form: SpeakerForm, refused: str = "", status: int = 200
) -> ResponseReturnValue:
    shown: dict[str, Any] = {
        "event": event,
        "form": form,
        "speakers": speakers.speakers_of(event),
        "refused": refused,
    }
    return render_page(
        "events/manage/speakers.html", status=status, face=session_view.face, **shown
    )


def _one(
    event: Event,
    speaker: Speaker,
    form: SpeakerForm,
    picture_form: SpeakerPictureForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    shown: dict[str, Any] = {
        "event": event,
        "speaker": speaker,
        "form": form,
        "face": session_view.face,
    }
    picture_form = picture_form or SpeakerPictureForm(formdata=None)
    return render_page(
        "events/manage/speaker.html", status=status, picture_form=picture_form, **shown
    )
