"""Requests to join, the group's questions for them, and the answers."""

from typing import Any

from flask import Blueprint, abort, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l

from ...core.http.editable_lists import EditableList
from ...core.http.errors import UserError
from ...core.http.pages import render_page
from ...core.http.permissions import actor, opens
from ...core.http.submit import done, submitted
from .. import access, questions, reads, requests
from ..forms.members import AnswerForm, request_form
from ..forms.settings import JoinQuestionForm
from ..models import Group, JoinQuestion, JoinRequest
from .groups import group_page

bp = Blueprint("join_requests", __name__)


@bp.post("/groups/<slug>/request")
@opens(access.group_for)
def create(group: Group) -> ResponseReturnValue:
    """Request to join, and notify the people who answer requests."""
    form = request_form(group)
    if not form.validate():
        return group_page(group, form, status=422)

    def again(refused: UserError, group: Group) -> ResponseReturnValue:
        fresh_form = request_form(group)  # which may ask other questions by now
        return group_page(group, fresh_form.refuse(refused), status=refused.status)

    return submitted(
        None,
        lambda: requests.ask(group, by=actor(), **form.given()),
        again,
        to=url_for("groups.show", slug=group.slug),
    )


@bp.post("/groups/<slug>/request/withdrawal")
@opens(access.group_for)
def delete(group: Group) -> ResponseReturnValue:
    """Withdraw the request."""
    requests.withdraw(group, by=actor())
    return done(url_for("groups.show", slug=group.slug), _("Request withdrawn."))


@bp.get("/groups/<slug>/manage/requests")
@opens(access.group_to, "group:answer_requests")
def index(group: Group) -> ResponseReturnValue:
    """List the requests to join, the longest waiting first."""
    waiting = reads.requests_of(group)
    return render_page(
        "groups/manage/requests.html",
        {"requests": "groups/_requests.html"},
        group=group,
        waiting=waiting,
    )


@bp.post("/groups/<slug>/requests/<uuid:request_id>/answer")
@opens(access.group_to, "group:answer_requests", reads.request_with)
def update(group: Group, request: JoinRequest) -> ResponseReturnValue:
    """Approve or decline the request, or ignore it without telling the person."""
    form = AnswerForm()
    if not form.validate():
        abort(422)
    person, by = request.user.name, actor()
    if form.do.data == "approve":
        requests.approve(request, by=by)
        sentence = _("%(name)s is now a member.", name=person)
    elif form.do.data == "decline":
        requests.decline(request, by=by, message=form.answer.data or "")
        sentence = _("%(name)s was declined.", name=person)
    else:
        requests.ignore(request, by=by)
        sentence = _("Request ignored. We won’t tell %(name)s.", name=person)
    return done(url_for("join_requests.index", slug=group.slug), sentence)


questions_bp = Blueprint("join_questions", __name__, url_prefix="/groups/<slug>/manage/questions")


def _question_list(group: Group, form: JoinQuestionForm, status: int = 200) -> ResponseReturnValue:
    shown: dict[str, Any] = {
        "group": group,
        "form": form,
        "questions": questions.of(group),
        "most": questions.MOST,
    }
    return render_page("groups/manage/questions.html", status=status, **shown)


def _question_page(
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
    list_page=_question_list,
    row_page=_question_page,
    added=_l("Question added."),
    changed=_l("Question saved. Earlier answers keep the wording that was asked."),
    removed=_l("Question removed. Earlier answers stay with their requests."),
).mount(questions_bp, "group:edit", access.group_to)
