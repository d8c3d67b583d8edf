"""What hosts ask of those who come."""

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


@bp.post("")
@permission("event:edit")
def create(slug: str) -> ResponseReturnValue:
    """Create a question."""
    event, form = access.event_to(current_user, "event:edit", slug), EventQuestionForm()
    return submitted(
        form,
        lambda: idempotency.create_once(
            EventQuestion,
            actor(),
            lambda id: questions.add(event, by=actor(), id=id, **form.values()),
        ),
        again=lambda refused: _list(event, form, refused.status),
        to=url_for("event_questions.index", slug=slug),
        flash=_("Whoever comes is asked this."),
    )


@bp.get("/<uuid:question_id>")
@permission("event:edit")
def edit(slug: str, question_id: UUID) -> ResponseReturnValue:
    """Show the form of one question."""
    event = access.event_to(current_user, "event:edit", slug)
    question = questions.with_id(event, question_id)
    return _one(event, question, EventQuestionForm(question, question.options))


@bp.post("/<uuid:question_id>")
@permission("event:edit")
def update(slug: str, question_id: UUID) -> ResponseReturnValue:
    """Change the question."""
    event = access.event_to(current_user, "event:edit", slug)
    question = questions.with_id(event, question_id)
    form = EventQuestionForm(options=question.options)
    return submitted(
        form,
        lambda: questions.change(event, question, by=actor(), **form.values()),
        again=lambda refused: _one(event, question, form, refused.status),
        to=url_for("event_questions.index", slug=slug),
        flash=_("The question is changed. Answers from before keep the words that were asked."),
    )


@bp.post("/<uuid:question_id>/rise")
@permission("event:edit")
def move_up(slug: str, question_id: UUID) -> ResponseReturnValue:
    """Move the question up."""
    event = access.event_to(current_user, "event:edit", slug)
    questions.move_up(event, questions.with_id(event, question_id), by=actor())
    return done(url_for("event_questions.index", slug=slug))


@bp.post("/<uuid:question_id>/removal")
@permission("event:edit")
def delete(slug: str, question_id: UUID) -> ResponseReturnValue:
    """Delete the question; answers stay."""
    event = access.event_to(current_user, "event:edit", slug)
    questions.remove(event, questions.with_id(event, question_id), by=actor())
    return done(
        url_for("event_questions.index", slug=slug),
        _("Nobody is asked this any more. What was answered stays with the answers."),
    )


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
