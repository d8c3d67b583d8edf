"""The hosts' pages for an event's speakers."""

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from ...core.http.editable_lists import EditableList
from ...core.http.pages import render_page
from ...core.storage import pictures
from ...events import access
from ...events.models import Event
from .. import session_view, speakers
from ..forms import SpeakerForm
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
    event: Event, speaker: Speaker, form: SpeakerForm, status: int = 200
) -> ResponseReturnValue:
    shown: dict[str, Any] = {
        "event": event,
        "speaker": speaker,
        "form": form,
        "face": session_view.speaker_face,
    }
    return render_page("agenda/manage/speaker.html", status=status, **shown)


EditableList(
    noun="speaker",
    model=Speaker,
    rules=speakers,
    form=lambda event, speaker=None: SpeakerForm(speaker),
    picture=pictures.AVATAR,
    list_page=_list,
    refused_page=lambda event, refused: _list(
        event, SpeakerForm(), refused.status, refused.message
    ),
    row_page=_one,
    added=_l("Speaker added. You can add them to sessions now."),
    removed=_l("Speaker removed."),
).mount(bp, "event:edit", access.event_to)
