"""What a group asks of people who ask to join."""

from typing import Any
from uuid import UUID

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.db import idempotency
from ...core.http.pages import render_page
from ...core.http.permissions import actor, permission
from ...core.http.submit import done, submitted
from .. import access, questions
from ..forms.settings import JoinQuestionForm
from ..models import Group, JoinQuestion

bp = Blueprint("questions", __name__, url_prefix="/groups/<slug>/manage/questions")


@bp.get("")
@permission("group:edit")
def index(slug: str) -> ResponseReturnValue:
    """List the questions for joining in order, and the form for another."""
    return _list(access.group_to(current_user, "group:edit", slug), JoinQuestionForm())


@bp.post("")
@permission("group:edit")
def create(slug: str) -> ResponseReturnValue:
    """Create a question."""
    group, form = access.group_to(current_user, "group:edit", slug), JoinQuestionForm()
    return submitted(
        form,
        lambda: idempotency.create_once(
            JoinQuestion,
            actor(),
            lambda id: questions.add(group, by=actor(), id=id, **form.values()),
        ),
        again=lambda refused: _list(group, form, refused.status),
        to=url_for("questions.index", slug=slug),
        flash=_("Whoever asks to join is asked this."),
    )


@bp.get("/<uuid:question_id>")
@permission("group:edit")
def edit(slug: str, question_id: UUID) -> ResponseReturnValue:
    """Show the form of one question."""
    group = access.group_to(current_user, "group:edit", slug)
    question = questions.with_id(group, question_id)
    return _one(group, question, JoinQuestionForm(question))


@bp.post("/<uuid:question_id>")
@permission("group:edit")
def update(slug: str, question_id: UUID) -> ResponseReturnValue:
    """Change the question."""
    group = access.group_to(current_user, "group:edit", slug)
    question, form = questions.with_id(group, question_id), JoinQuestionForm()
    return submitted(
        form,
        lambda: questions.change(group, question, by=actor(), **form.values()),
        again=lambda refused: _one(group, question, form, refused.status),
        to=url_for("questions.index", slug=slug),
        flash=_("The question is changed. Answers from before keep the words that were asked."),
    )


@bp.post("/<uuid:question_id>/rise")
@permission("group:edit")
def move_up(slug: str, question_id: UUID) -> ResponseReturnValue:
    """Move the question up."""
    group = access.group_to(current_user, "group:edit", slug)
    questions.move_up(group, questions.with_id(group, question_id), by=actor())
    return done(url_for("questions.index", slug=slug))


@bp.post("/<uuid:question_id>/removal")
@permission("group:edit")
def delete(slug: str, question_id: UUID) -> ResponseReturnValue:
    """Delete the question."""
    group = access.group_to(current_user, "group:edit", slug)
    questions.remove(group, questions.with_id(group, question_id), by=actor())
    return done(
        url_for("questions.index", slug=slug),
        _("Nobody is asked this any more. Answers from before stay with their requests."),
    )


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
