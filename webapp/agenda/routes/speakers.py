"""Who speaks at an event, as its hosts write it down."""

from typing import Any
from uuid import UUID

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from ...core.http.editable_lists import EditableList
from ...core.http.errors import UserError
from ...core.http.pages import render_page
from ...core.http.permissions import actor, permission
from ...core.http.submit import done, submitted
from ...core.http.uploads import uploads
from ...events import access
from ...events.models import Event
from .. import session_view, speakers
from ..forms import SpeakerForm, SpeakerPictureForm
from ..models import Speaker

bp = Blueprint("speakers", __name__, url_prefix="/events/<slug>/manage/speakers")


@bp.get("")
@permission("event:edit")
def index(slug: str) -> ResponseReturnValue:
    """List the speakers, and the form for another."""
    return _list(access.event_to(current_user, "event:edit", slug), SpeakerForm())


def _too_large(refused: UserError, slug: str, speaker_id: UUID) -> ResponseReturnValue:
    event, speaker = _mine(slug, speaker_id)
    form = SpeakerPictureForm()
    form.refuse(refused)
    return _one(event, speaker, SpeakerForm(speaker), refused.status, form)


@bp.post("/<uuid:speaker_id>/picture")
@permission("event:edit")
@uploads(_too_large)
def put_picture(slug: str, speaker_id: UUID) -> ResponseReturnValue:
    """Upload the speaker's picture."""
    (event, speaker), form = _mine(slug, speaker_id), SpeakerPictureForm()
    return submitted(
        form,
        lambda: speakers.put_picture(event, speaker, actor(), form.picture.content()),
        again=lambda refused: _one(event, speaker, SpeakerForm(speaker), refused.status, form),
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
    return event, speakers.with_id(event, speaker_id)


def _list(
    event: Event, form: SpeakerForm, status: int = 200, refused: str = ""
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
    status: int = 200,
    picture_form: SpeakerPictureForm | None = None,
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


EditableList(
    noun="speaker",
    model=Speaker,
    rules=speakers,
    form=lambda event, speaker=None: SpeakerForm(speaker),
    list_page=_list,
    refused_page=lambda event, refused: _list(
        event, SpeakerForm(), refused.status, refused.message
    ),
    row_page=_one,
    added=_l("You can name them with sessions now."),
    removed=_l("They are no speaker any more."),
).mount(bp, "event:edit", access.event_to)
