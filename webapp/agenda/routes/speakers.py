"""Who speaks at an event, as its hosts write it down."""

from typing import Any
from uuid import UUID

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.db import idempotency
from ...core.http.errors import UserError
from ...core.http.pages import render_page
from ...core.http.permissions import actor, permission
from ...core.http.submit import done, submitted
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
    return submitted(
        form,
        lambda: idempotency.create_once(
            Speaker, actor(), lambda id: speakers.add(event, by=actor(), id=id, **form.values())
        ),
        again=lambda refused: _list(event, form, status=refused.status),
        to=url_for("speakers.index", slug=slug),
        flash=_("You can name them with sessions now."),
    )


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
    return submitted(
        form,
        lambda: speakers.change(event, speaker, by=actor(), **form.values()),
        again=lambda refused: _one(event, speaker, form, status=refused.status),
        to=url_for("speakers.index", slug=slug),
        flash=_("Changed."),
    )


@bp.post("/<uuid:speaker_id>/removal")
@permission("event:edit")
def delete(slug: str, speaker_id: UUID) -> ResponseReturnValue:
    """Delete the speaker, unless sessions name them."""
    event, speaker = _mine(slug, speaker_id)
    return submitted(
        None,
        lambda: speakers.remove(event, speaker, by=actor()),
        again=lambda refused: _list(event, SpeakerForm(), refused.message, refused.status),
        to=url_for("speakers.index", slug=slug),
        flash=_("They are no speaker any more."),
    )


def _too_large(refused: UserError, slug: str, speaker_id: UUID) -> ResponseReturnValue:
    event, speaker = _mine(slug, speaker_id)
    form = SpeakerPictureForm()
    form.refuse(refused)
    return _one(event, speaker, SpeakerForm(speaker), form, refused.status)


@bp.post("/<uuid:speaker_id>/picture")
@permission("event:edit")
@uploads(_too_large)
def put_picture(slug: str, speaker_id: UUID) -> ResponseReturnValue:
    """Upload the speaker's picture."""
    (event, speaker), form = _mine(slug, speaker_id), SpeakerPictureForm()
    return submitted(
        form,
        lambda: speakers.put_picture(event, speaker, actor(), form.picture.content()),
        again=lambda refused: _one(event, speaker, SpeakerForm(speaker), form, refused.status),
        to=url_for("speakers.edit", slug=slug, speaker_id=speaker_id),
        flash=_("The picture is there."),
    )


@bp.post("/<uuid:speaker_id>/picture/removal")
@permission("event:edit")
def remove_picture(slug: str, speaker_id: UUID) -> ResponseReturnValue:
    """Delete the speaker's picture; initials replace it."""
    event, speaker = _mine(slug, speaker_id)
    speakers.remove_picture(event, speaker, actor())
    return done(
        url_for("speakers.edit", slug=slug, speaker_id=speaker_id), _("The picture is gone.")
    )


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
