"""The hosts' pages for an event's speakers."""

from typing import Any
from uuid import UUID

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from ...core.http.editable_lists import EditableList
from ...core.http.pages import render_page
from ...core.http.permissions import permission
from ...core.http.picture_routes import PictureRoutes
from ...events import access
from ...events.models import Event
from .. import session_view, speakers
from ..forms import SpeakerForm, SpeakerPictureForm
from ..models import Speaker

bp = Blueprint("speakers", __name__, url_prefix="/events/<slug>/manage/speakers")


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
        "agenda/manage/speakers.html", status=status, face=session_view.speaker_face, **shown
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
        "face": session_view.speaker_face,
    }
    picture_form = picture_form or SpeakerPictureForm(formdata=None)
    return render_page(
        "agenda/manage/speaker.html", status=status, picture_form=picture_form, **shown
    )


def _speaker(slug: str, speaker_id: UUID) -> Speaker:
    return speakers.with_id(access.event_to(current_user, "event:edit", slug), speaker_id)


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
    added=_l("Speaker added. You can add them to sessions now."),
    removed=_l("Speaker removed."),
).mount(bp, "event:edit", access.event_to)

PictureRoutes(
    guard=permission("event:edit"),
    load=_speaker,
    form=SpeakerPictureForm,
    put=speakers.put_picture,
    remove=speakers.remove_picture,
    page=lambda one, form, status: _one(one.event, one, SpeakerForm(one), status, form),
    to=lambda one: url_for("speakers.edit", slug=one.event.slug, speaker_id=one.id),
    added=_l("Picture saved."),
    removed=_l("Picture removed."),
).mount(bp, "/<uuid:speaker_id>/picture", "put_picture", "remove_picture")
