"""What a group asks of people who ask to join."""

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from ...core.http.editable_lists import EditableList
from ...core.http.pages import render_page
from ...core.http.permissions import permission
from .. import access, questions
from ..forms.settings import JoinQuestionForm
from ..models import Group, JoinQuestion

bp = Blueprint("questions", __name__, url_prefix="/groups/<slug>/manage/questions")


@bp.get("")
@permission("group:edit")
def index(slug: str) -> ResponseReturnValue:
    """List the questions for joining in order, and the form for another."""
    return _list(access.group_to(current_user, "group:edit", slug), JoinQuestionForm())


def _list(group: Group, form: JoinQuestionForm, status: int = 200) -> ResponseReturnValue:
    shown: dict[str, Any] = {
        "group": group,
        "form": form,
        "asked": questions.of(group),
        "most": questions.MOST,
    }
    return render_page("groups/manage/questions.html", status=status, **shown)


def _one(
    group: Group, question: JoinQuestion, form: JoinQuestionForm, status: int = 200
) -> ResponseReturnValue:
    return render_page(
        "groups/manage/question.html", status=status, group=group, question=question, form=form
    )


EditableList(
    noun="question",
    model=JoinQuestion,
    rules=questions,
    form=lambda group, question=None: JoinQuestionForm(question),
    list_page=_list,
    row_page=_one,
    added=_l("Question added."),
    changed=_l("Question saved. Earlier answers keep the wording that was asked."),
    removed=_l("Question removed. Earlier answers stay with their requests."),
).mount(bp, "group:edit", access.group_to)
