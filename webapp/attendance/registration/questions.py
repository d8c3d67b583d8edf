"""The hosts' questions to attendees, in order, with choices that may have a capacity.

An answer stores its question's text, so it stays readable after the question has changed or gone.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from ...accounts.models import User
from ...core.db import ordering
from ...core.db.base import new_id
from ...core.db.session import one_or_404
from ...core.extensions import db
from ...core.http.errors import UserError
from ...core.text.typed import same_words
from ...events import planning
from ...events.models import CHOICE, Event, EventOption, EventQuestion
from . import form
from .tickets import refuse_picked

MOST, LEAST_OPTIONS, MOST_OPTIONS = 10, 2, 10
CHANGED = "event.questions_changed"


class Choice(NamedTuple):
    """A choice as entered: the option's id if it exists, its label and its capacity."""

    id: UUID | None
    label: str
    capacity: int | None


def with_id(event: Event, question_id: UUID) -> EventQuestion:
    """Return the event's question with this id. Raises NotFound."""
    query = sa.select(EventQuestion).where(
        EventQuestion.id == question_id, EventQuestion.event_id == event.id
    )
    return one_or_404(query)


def add(event: Event, by: User, id: UUID | None = None, **values: Any) -> EventQuestion:
    """Add a question after the others."""
    event = planning.hold_changeable(event)
    others = form.registration_form(event).questions
    if len(others) >= MOST:
        raise UserError(_("You can ask up to ten questions."))
    question = EventQuestion(id=id or new_id(), event_id=event.id, position=len(others) + 1)
    _write(question, values)
    db.session.add(question)
    db.session.flush()
    _write_choices(question, values)
    form.finish_change(event, by, CHANGED)
    return question


def change(event: Event, question: EventQuestion, by: User, **values: Any) -> None:
    """Change the question. Earlier answers keep the old text."""
    event = planning.hold_changeable(event)
    _write(question, values)
    _write_choices(question, values)
    form.finish_change(event, by, CHANGED)


def move_up(event: Event, question: EventQuestion, by: User) -> None:
    """Move the question up by one, unless it is the first."""
    event = planning.hold_changeable(event)
    ordering.move_up(form.registration_form(event).questions, question)
    form.finish_change(event, by, CHANGED)


def remove(event: Event, question: EventQuestion, by: User) -> None:
    """Remove the question and its choices; given answers are kept."""
    event = planning.hold_changeable(event)
    rest = [one for one in form.registration_form(event).questions if one.id != question.id]
    db.session.execute(sa.delete(EventQuestion).where(EventQuestion.id == question.id))
    db.session.expire_all()
    ordering.number(rest)
    form.finish_change(event, by, CHANGED)


def _write(question: EventQuestion, values: Mapping[str, Any]) -> None:
    question.text, question.kind, question.is_required = (
        values["text"],
        values["kind"],
        values["is_required"],
    )


def _write_choices(question: EventQuestion, values: Mapping[str, Any]) -> None:
    """Replace the choices. Raises UserError if a removed one has been picked."""
    choices: Sequence[Choice] = values["choices"] if values["kind"] == CHOICE else []
    different = len({same_words(choice.label) for choice in choices})
    if values["kind"] == CHOICE and not LEAST_OPTIONS <= different == len(choices) <= MOST_OPTIONS:
        raise UserError(_("Enter two to ten different choices."), "option_1")
    existing = {
        it.id: it
        for it in db.session.scalars(
            sa.select(EventOption).where(EventOption.question_id == question.id)
        )
    }
    kept = {choice.id for choice in choices}
    left_out = [option for option in existing.values() if option.id not in kept]
    refuse_picked(left_out)
    for option in left_out:
        db.session.delete(option)
    for place, choice in enumerate(choices, 1):
        new = EventOption(event_id=question.event_id, question_id=question.id, taken=0)
        option = existing.get(choice.id, new) if choice.id else new
        db.session.add(option)
        option.position, option.label, option.capacity = place, choice.label, choice.capacity
