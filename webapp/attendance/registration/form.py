"""What an event asks attendees: the ticket type, and the hosts' questions with their choices."""

import hashlib
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from ...accounts.models import User
from ...core.db.base import new_id
from ...core.db.session import POPULATE_EXISTING
from ...core.extensions import db
from ...core.observability import audit
from ...events import notices
from ...events.models import Event, EventOption, EventQuestion
from ...moderation.reportable_types import paragraphs
from .. import waitlist


class RegistrationForm(NamedTuple):
    """The event's ticket types and questions, in order, and the choices by question id."""

    tickets: list[EventOption]
    questions: list[EventQuestion]
    choices: dict[UUID, list[EventOption]]

    @property
    def digest(self) -> str:
        """Identifies the questions, to detect changes after a form was shown."""
        lines = [
            (
                str(one.id),
                one.text,
                one.kind,
                one.is_required,
                [(str(it.id), it.label) for it in self.choices.get(one.id, [])],
            )
            for one in self.questions
        ]
        return hashlib.blake2b(repr(lines).encode(), digest_size=8).hexdigest()

    @property
    def options(self) -> list[EventOption]:
        """Everything that can be picked: ticket types, and the choices of all questions."""
        return [*self.tickets, *(it for choices in self.choices.values() for it in choices)]

    def option(self, option_id: UUID | None) -> EventOption | None:
        """Return the ticket type or choice with this id."""
        return next((it for it in self.options if it.id == option_id), None)


NOTHING = RegistrationForm([], [], {})


def registration_form(event: Event) -> RegistrationForm:
    """Return the event's current ticket types and questions: two statements, none if it has
    neither.
    """
    if not event.has_registration_form:
        return NOTHING
    registration = RegistrationForm([], _now(_of_event(EventQuestion), event), {})
    for option in _now(_of_event(EventOption), event):
        same = (
            registration.tickets
            if option.question_id is None
            else registration.choices.setdefault(option.question_id, [])
        )
        same.append(option)
    return registration


@cache
def _of_event(model: Any) -> sa.Select[Any]:
    """Build the statement once: every page of an event with a registration form uses it."""
    query = sa.select(model).where(model.event_id == sa.bindparam("event", type_=sa.Uuid))
    return query.order_by(model.position, model.id)


def _now(query: sa.Select[Any], event: Event) -> list[Any]:
    given = {"event": event.id}
    return list(db.session.scalars(query, given, execution_options=POPULATE_EXISTING))


def finish_change(event: Event, by: User, action: str) -> None:
    """Finish a change to the registration form of an event that the caller has locked.

    Update `has_registration_form`, give new places to the waiting list, and write the audit log.
    """
    db.session.flush()
    some = sa.or_(
        *(sa.exists().where(model.event_id == event.id) for model in (EventQuestion, EventOption))
    )
    event.has_registration_form = bool(db.session.scalar(sa.select(some)))
    audit.record(action, by=by, subject=event)
    if event.is_published:
        waitlist.capacity_changed(event)
    else:
        notices.signal_answers(event)


def words_of(event: Event) -> list[str]:
    """Return the texts of ticket types and questions, for moderation."""
    if not event.has_registration_form:
        return []
    registration = registration_form(event)
    texts = [ticket.label for ticket in registration.tickets]
    for question in registration.questions:
        choices = registration.choices.get(question.id, [])
        texts.append(paragraphs(question.text, *(one.label for one in choices)))
    return texts


def copy_to(event: Event, copy: Event) -> None:
    """Copy ticket types and questions to another event.

    Availability windows aren't copied: their dates have passed.
    """
    registration = registration_form(event)
    ids = {question.id: new_id() for question in registration.questions}
    names = ("position", "text", "kind", "is_required")
    for one in registration.questions:
        db.session.add(
            EventQuestion(
                id=ids[one.id], event_id=copy.id, **{name: getattr(one, name) for name in names}
            )
        )
    db.session.flush()
    own = ("position", "label", "capacity", "price", "amount", "currency")
    for option in registration.options:
        question_id = ids[option.question_id] if option.question_id else None
        values = {name: getattr(option, name) for name in own}
        db.session.add(EventOption(event_id=copy.id, question_id=question_id, **values))
    copy.has_registration_form = event.has_registration_form


def has_tickets(event: Event, _user: Any) -> sa.ColumnElement[bool] | bool:
    """Whether the event has ticket types, as a part of another statement."""
    of_event = (EventOption.event_id == event.id, EventOption.question_id.is_(None))
    return event.has_registration_form and sa.exists().where(*of_event)


def has_questions(event: Event, _user: Any) -> sa.ColumnElement[bool] | bool:
    """Whether the event has questions, as a part of another statement."""
    return event.has_registration_form and sa.exists().where(EventQuestion.event_id == event.id)
