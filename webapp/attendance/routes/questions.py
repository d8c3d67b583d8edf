"""What hosts ask of those who come."""

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from ...core.http.editable_lists import EditableList
from ...core.http.pages import render_page
from ...core.http.permissions import permission
from ...events import access
from ...events.models import Event, EventQuestion
from ..forms.registration import EventQuestionForm
from ..registration import form as asked
from ..registration import questions

bp = Blueprint("event_questions", __name__, url_prefix="/events/<slug>/manage/questions")


@bp.get("")
@permission("event:edit")
def index(slug: str) -> ResponseReturnValue:
    """List the questions in order, and the form for another."""
    return _list(access.event_to(current_user, "event:edit", slug), EventQuestionForm())


def _list(event: Event, form: EventQuestionForm, status: int = 200) -> ResponseReturnValue:
    shown: dict[str, Any] = {
        "event": event,
        "form": form,
        "asked": asked.asked_at(event),
        "most": questions.MOST,
    }
    return render_page("events/manage/questions.html", status=status, **shown)


def _one(
    event: Event, question: EventQuestion, form: EventQuestionForm, status: int = 200
) -> ResponseReturnValue:
    return render_page(
        "events/manage/question.html", status=status, event=event, question=question, form=form
    )


EditableList(
    noun="question",
    model=EventQuestion,
    rules=questions,
    form=lambda event, question=None: EventQuestionForm(question),
    sent_form=lambda event, question: EventQuestionForm(options=question.options),
    list_page=_list,
    row_page=_one,
    added=_l("Question added."),
    changed=_l("Question saved. Earlier answers keep the wording that was asked."),
    removed=_l("Question removed. Answers already given are kept."),
).mount(bp, "event:edit", access.event_to)
