"""The details of an answer: ticket type and answers to the hosts' questions; and how hosts read
them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _, ngettext
from sqlalchemy.orm import selectinload

from ...core import i18n
from ...core.db.base import parse_uuid
from ...core.extensions import db
from ...core.http.errors import Conflict, UserError
from ...core.time import clock
from ...events.models import (
    ASKED,
    CHECKBOX,
    CHOICE,
    NOT_GOING,
    REFUSED,
    SEATED_WAITING_OR_ASKED,
    Event,
    EventOption,
    EventQuestion,
    Rsvp,
    is_of,
    rsvp_pick,
    with_who,
)
from .. import waitlist
from .form import RegistrationForm, registration_form


@dataclass(frozen=True)
class RegistrationAnswers:
    """The chosen ticket type, answers by question id, and the digest of the questions shown.

    Without a digest no questions were asked, as when hosts answer for someone: earlier answers are
    kept.
    """

    ticket: UUID | None = None
    given: Mapping[UUID, Any] = field(default_factory=dict)
    digest: str | None = None


def save(row: Rsvp, details: RegistrationAnswers | None, party: int, by_host: bool = False) -> bool:
    """Save the details, and move the places that the party holds to what it picks. Return whether
    the picks have changed.

    Raises UserError if something is missing, full or unavailable. Raises Conflict if the questions
    have changed since the form was shown.
    """
    if not row.event.has_registration_form:
        return False
    registration = registration_form(row.event)
    picks = [
        *_ticket(registration, row, details, party, by_host),
        *_choices(registration, row, details),
    ]
    before = _kept(row, details)
    if details is not None and details.digest is not None:
        row.answers = _answers(registration, details.given)
    if set(picks) == before:
        return False
    for option in picks:
        if option not in before:
            _refuse_full(row, option, min(party, row.party) if row.holds_seats else party)
    with waitlist.change(row, "picked" if row.is_on_waitlist or row.holds_seats else ""):
        row.picks = picks
    return True


def _kept(row: Rsvp, details: RegistrationAnswers | None) -> set[EventOption]:
    """Return the picks that the party keeps without a new check for space.

    Someone who answered Can't go has given them up. If no questions were asked, all stay.
    """
    is_asked = details is not None and details.digest is not None
    return set(row.picks) if row.state in SEATED_WAITING_OR_ASKED or not is_asked else set()


def field_of(question: EventQuestion) -> str:
    """Return the name of the question's form field."""
    return f"said_{question.id.hex}"


def _ticket(
    registration: RegistrationForm,
    row: Rsvp,
    details: RegistrationAnswers | None,
    party: int,
    by_host: bool,
) -> list[EventOption]:
    """Return the ticket type chosen now or before.

    A type that the party already has stays valid outside its window.
    """
    if not registration.tickets:
        return []
    held = next((it for it in row.picks if it.is_ticket), None)
    ticket_id = (
        details.ticket if details is not None and details.ticket is not None else held and held.id
    )
    ticket = next((it for it in registration.tickets if it.id == ticket_id), None)
    if ticket is None:
        raise UserError(_("Choose a ticket type."), "ticket")
    stays = (
        ticket is held
        and row.state in SEATED_WAITING_OR_ASKED
        and row.party + row.seats_waiting >= party
    )
    if not ticket.is_open and not stays and not by_host:
        raise UserError(window_in_words(ticket, row.event.zone), "ticket")
    return [ticket]


def window_in_words(ticket: EventOption, zone: str) -> str:
    """Say when a ticket type that isn't available now will be or was available."""
    if ticket.opens_at is not None and clock.now() < ticket.opens_at:
        return _(
            "“%(ticket)s” will be available from %(moment)s.",
            ticket=ticket.label,
            moment=i18n.moment(ticket.opens_at, zone),
        )
    until = i18n.moment(ticket.closes_at, zone) if ticket.closes_at else ""
    return _("“%(ticket)s” was available until %(moment)s.", ticket=ticket.label, moment=until)


def _choices(
    registration: RegistrationForm, row: Rsvp, details: RegistrationAnswers | None
) -> list[EventOption]:
    if details is None or details.digest is None:
        return [it for it in row.picks if not it.is_ticket]
    if details.digest != registration.digest:
        raise Conflict(
            _(
                "The hosts have just changed their questions. Check your answers, then send them "
                "again."
            )
        )
    picked = [
        registration.option(parse_uuid(details.given.get(one.id)))
        for one in registration.questions
        if one.kind == CHOICE
    ]
    return [it for it in picked if it is not None]


def _answers(registration: RegistrationForm, given: Mapping[UUID, Any]) -> list[list[str]]:
    """Return [question id, question, answer] for each answer, with the question's current text."""
    found = []
    for one in registration.questions:
        answer = given.get(one.id)
        if one.kind == CHOICE:
            option = next(
                (it for it in registration.choices.get(one.id, []) if it.id == parse_uuid(answer)),
                None,
            )
            answer = option.label if option else ""
        if one.is_required and not answer:
            raise UserError(_("Please answer this."), field_of(one))
        if one.kind == CHECKBOX:
            answer = _("Yes") if answer else _("No")
        if answer:
            found.append([str(one.id), one.text, str(answer)])
    return found


def _refuse_full(row: Rsvp, option: EventOption, people: int) -> None:
    """Raises UserError if an option is full.

    A newcomer can wait for a full ticket type, but not for a full choice. Nobody who holds seats
    can switch to either.
    """
    free = option.free
    if free is None or people <= free or (option.is_ticket and not row.holds_seats):
        return
    where = (
        "ticket"
        if option.is_ticket
        else f"said_{option.question_id.hex}"
        if option.question_id
        else None
    )
    if not free:
        raise UserError(
            _("“%(option)s” is full. Choose something else.", option=option.label), where
        )
    values = {"option": option.label}
    few = ngettext(
        "There’s only %(num)s “%(option)s” left. Choose something else, or bring fewer people.",
        "There are only %(num)s “%(option)s” left. Choose something else, or bring fewer people.",
        free,
        **values,
    )
    raise UserError(few, where)


class AnswersTable(NamedTuple):
    """Column titles in order, and each answer's texts by its id, one for each column."""

    columns: list[str]
    rows: dict[UUID, list[str]]


def answers_to_questions(event: Event) -> AnswersTable:
    """Return the ticket type, if there are any, and answers to each question, with removed ones
    last.

    Two statements besides those for the questions, however many people answered.
    """
    registration = registration_form(event)
    given = db.session.execute(
        sa.select(Rsvp.id, Rsvp.answers).where(Rsvp.event_id == event.id)
    ).all()
    titles = {str(one.id): one.text for one in registration.questions}
    for _row_id, answers in given:
        for question_id, then, _answer in answers:
            titles.setdefault(question_id, then)
    tickets = _tickets(event) if registration.tickets else {}
    rows = {}
    for row_id, answers in given:
        by_question = {question_id: answer for question_id, _then, answer in answers}
        first = [tickets.get(row_id, "")] if registration.tickets else []
        rows[row_id] = [*first, *(by_question.get(question_id, "") for question_id in titles)]
    return AnswersTable([*([_("Ticket")] if registration.tickets else []), *titles.values()], rows)


def _tickets(event: Event) -> dict[UUID, str]:
    query = sa.select(rsvp_pick.c.rsvp_id, EventOption.label).join(
        EventOption, EventOption.id == rsvp_pick.c.option_id
    )
    found = db.session.execute(
        query.where(EventOption.event_id == event.id, EventOption.question_id.is_(None))
    )
    return {row.rsvp_id: row.label for row in found}


def previous_answers(event: Event, user: Any) -> dict[str, Any]:
    """Return the earlier details of `user`, by form field."""
    query = (
        sa.select(Rsvp)
        .where(Rsvp.event_id == event.id, is_of(user))
        .options(selectinload(Rsvp.picks))
    )
    row = db.session.scalar(query)
    return fields_of(row) if row is not None else {}


def fields_of(row: Rsvp) -> dict[str, Any]:
    """Return an answer's details by form field: texts, and the ids of picked options."""
    fields: dict[str, Any] = {
        f"said_{UUID(question_id).hex}": answer for question_id, _words, answer in row.answers
    }
    for option in row.picks:
        of = option.question_id
        fields["ticket" if of is None else f"said_{of.hex}"] = str(option.id)
    return fields


def requests(event: Event) -> list[Rsvp]:
    """Return the pending requests in order of arrival, with people and picks."""
    return _with(event, ASKED)


def refused(event: Event) -> list[Rsvp]:
    """Return the declined requests, latest first."""
    return _with(event, REFUSED)[::-1]


def hosted(event: Event) -> list[Rsvp]:
    """Return the answers that hosts gave for people, latest first."""
    query = sa.select(Rsvp).options(*with_who(), selectinload(Rsvp.picks))
    query = query.where(Rsvp.event_id == event.id, Rsvp.by_host, Rsvp.state != NOT_GOING)
    return list(db.session.scalars(query.order_by(Rsvp.answered_at.desc(), Rsvp.id).limit(100)))


def _with(event: Event, state: str) -> list[Rsvp]:
    query = sa.select(Rsvp).options(*with_who(), selectinload(Rsvp.picks))
    query = query.where(Rsvp.event_id == event.id, Rsvp.state == state)
    return list(db.session.scalars(query.order_by(Rsvp.answered_at, Rsvp.id).limit(200)))


def approvals_waiting(event: Event, _user: Any) -> sa.ScalarSelect[int]:
    """The number of pending requests, as a part of another statement."""
    requests = (Rsvp.event_id == event.id, Rsvp.state == ASKED)
    return sa.select(sa.func.count(Rsvp.id)).where(*requests).scalar_subquery()


def is_any_by_host(event: Event, _user: Any) -> sa.ColumnElement[bool]:
    """Whether a host answered for anyone, as a part of another statement."""
    return sa.exists().where(Rsvp.event_id == event.id, Rsvp.by_host)
