"""What people say with their answer, besides whether they come: their ticket type, and answers to
the hosts' questions; and how hosts read it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import selectinload

from ...core import i18n
from ...core.db.session import parse_uuid
from ...core.extensions import db
from ...core.http.errors import Conflict, UserError
from ...core.time import clock
from ...events.models import (
    ASKED,
    CHECKBOX,
    CHOICE,
    GOING,
    NOT_GOING,
    OFFERED,
    REFUSED,
    WAITING,
    Event,
    EventOption,
    EventQuestion,
    Rsvp,
    is_of,
    rsvp_pick,
    with_who,
)
from .. import waitlist
from . import option_capacity
from .form import RegistrationForm, registration_form

#: Who comes, or wants to: what these have picked is theirs.
COMES = (GOING, WAITING, OFFERED, ASKED)


@dataclass(frozen=True)
class Details:
    """The picked ticket kind, what is said to each question by its id, and the digest of the
    questions that stood there.

    Without a digest the questions were not asked, as where hosts answer for someone: what was said
    before stays.
    """

    ticket: UUID | None = None
    given: Mapping[UUID, Any] = field(default_factory=dict)
    digest: str | None = None


def save(
    event: Event, row: Rsvp, details: Details | None, party: int, by_host: bool = False
) -> bool:
    """The answer says these details, and the places that it holds follow; whether it has picked
    something else than before.

    Raises UserError at what is missing, full or not available now, and Conflict when something
    else is asked by now.
    """
    if not event.has_registration_form:
        return False
    asked = registration_form(event)
    picks = [*_ticket(event, asked, row, details, party, by_host), *_choices(asked, row, details)]
    before = _kept(row, details)
    if details is not None and details.digest is not None:
        row.answers = _answers(asked, details.given)
    if set(picks) == before:
        return False
    for option in picks:
        if option not in before:
            _refuse_full(row, option, min(party, row.party) if row.holds_seats else party)
    _pick(event, row, picks)
    return True


def _pick(event: Event, row: Rsvp, picks: list[EventOption]) -> None:
    """The party has picked these instead of others; the places that it holds follow."""
    if row.is_queued or row.holds_seats:
        waitlist.log(event, "picked", row)
    if row.holds_seats:
        option_capacity.take(row.picks, -row.party)
        option_capacity.take(picks, row.party)
    row.picks = picks


def _kept(row: Rsvp, details: Details | None) -> set[EventOption]:
    """What the party has already, and need not look for again: who said that they do not come has
    given it up. Where the questions are not asked it stays."""
    is_asked = details is not None and details.digest is not None
    return set(row.picks) if row.state in COMES or not is_asked else set()


def field_of(question: EventQuestion) -> str:
    """The name of its field in the form."""
    return f"said_{question.id.hex}"


def _ticket(
    event: Event,
    asked: RegistrationForm,
    row: Rsvp,
    details: Details | None,
    party: int,
    by_host: bool,
) -> list[EventOption]:
    """The ticket kind: the one that was picked now, or before.

    One that is had already stays, also outside its window.
    """
    if not asked.tickets:
        return []
    held = next((it for it in row.picks if it.is_ticket), None)
    wanted = (
        details.ticket if details is not None and details.ticket is not None else held and held.id
    )
    ticket = next((it for it in asked.tickets if it.id == wanted), None)
    if ticket is None:
        raise UserError(_("Choose a ticket type."), "ticket")
    stays = ticket is held and row.state in COMES and row.party + row.seats_waiting >= party
    if not ticket.is_open and not stays and not by_host:
        raise UserError(window_in_words(ticket, event.zone), "ticket")
    return [ticket]


def window_in_words(ticket: EventOption, zone: str) -> str:
    """When a ticket kind that cannot be picked now can be, or could be."""
    if ticket.opens_at is not None and clock.now() < ticket.opens_at:
        return _(
            "“%(ticket)s” will be available from %(moment)s.",
            ticket=ticket.label,
            moment=i18n.moment(ticket.opens_at, zone),
        )
    until = i18n.moment(ticket.closes_at, zone) if ticket.closes_at else ""
    return _("“%(ticket)s” was available until %(moment)s.", ticket=ticket.label, moment=until)


def _choices(asked: RegistrationForm, row: Rsvp, details: Details | None) -> list[EventOption]:
    if details is None or details.digest is None:
        return [it for it in row.picks if not it.is_ticket]
    if details.digest != asked.digest:
        raise Conflict(
            _(
                "The hosts have just changed their questions. Check your answers, then send them "
                "again."
            )
        )
    picked = [
        asked.option(parse_uuid(details.given.get(one.id)))
        for one in asked.questions
        if one.kind == CHOICE
    ]
    return [it for it in picked if it is not None]


def _answers(asked: RegistrationForm, given: Mapping[UUID, Any]) -> list[list[str]]:
    """What was said to each question, with its words as they are now."""
    found = []
    for one in asked.questions:
        answer = given.get(one.id)
        if one.kind == CHOICE:
            option = next(
                (it for it in asked.choices.get(one.id, []) if it.id == parse_uuid(answer)), None
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
    """A ticket kind that is full is waited for, but not by those who hold another; a choice that
    is full is not picked.
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
    words = {"option": option.label}
    few = ngettext(
        "There’s only %(num)s “%(option)s” left. Choose something else, or bring fewer people.",
        "There are only %(num)s “%(option)s” left. Choose something else, or bring fewer people.",
        free,
        **words,
    )
    raise UserError(few, where)


class RegistrationAnswer(NamedTuple):
    """What was asked, in order, and what each answer says to it, by the answer's id: as many
    texts as there are columns.
    """

    columns: list[str]
    rows: dict[UUID, list[str]]


def answers_to_questions(event: Event) -> RegistrationAnswer:
    """The ticket kind, where there are kinds, and the words that were said to each question; to
    removed ones at the end.

    Two statements more than what the event asks, however many have answered.
    """
    asked = registration_form(event)
    given = db.session.execute(
        sa.select(Rsvp.id, Rsvp.answers).where(Rsvp.event_id == event.id)
    ).all()
    words = {str(one.id): one.text for one in asked.questions}
    for _row_id, answers in given:
        for question_id, then, _answer in answers:
            words.setdefault(question_id, then)
    tickets = _tickets(event) if asked.tickets else {}
    rows = {}
    for row_id, answers in given:
        said = {question_id: answer for question_id, _then, answer in answers}
        first = [tickets.get(row_id, "")] if asked.tickets else []
        rows[row_id] = [*first, *(said.get(question_id, "") for question_id in words)]
    return RegistrationAnswer([*([_("Ticket")] if asked.tickets else []), *words.values()], rows)


def _tickets(event: Event) -> dict[UUID, str]:
    query = sa.select(rsvp_pick.c.rsvp_id, EventOption.label).join(
        EventOption, EventOption.id == rsvp_pick.c.option_id
    )
    found = db.session.execute(
        query.where(EventOption.event_id == event.id, EventOption.question_id.is_(None))
    )
    return {row.rsvp_id: row.label for row in found}


def previous_answers(event: Event, user: Any) -> dict[str, Any]:
    """What `user` told before, by the names of the form's fields."""
    query = (
        sa.select(Rsvp)
        .where(Rsvp.event_id == event.id, is_of(user))
        .options(selectinload(Rsvp.picks))
    )
    row = db.session.scalar(query)
    return fields_of(row) if row is not None else {}


def fields_of(row: Rsvp) -> dict[str, Any]:
    """What an answer says, by the names of the form's fields: texts, and the ids of what was
    picked.
    """
    said: dict[str, Any] = {
        f"said_{UUID(question_id).hex}": answer for question_id, _words, answer in row.answers
    }
    for option in row.picks:
        of = option.question_id
        said["ticket" if of is None else f"said_{of.hex}"] = str(option.id)
    return said


def requests(event: Event) -> list[Rsvp]:
    """Those who wait for the hosts' answer, in the order in which they asked, with their people
    and what they picked.
    """
    return _with(event, ASKED)


def refused(event: Event) -> list[Rsvp]:
    """Those to whom the hosts said no, the latest first."""
    return _with(event, REFUSED)[::-1]


def hosted(event: Event) -> list[Rsvp]:
    """Those for whom a host has answered, the latest first."""
    query = sa.select(Rsvp).options(*with_who(), selectinload(Rsvp.picks))
    query = query.where(Rsvp.event_id == event.id, Rsvp.by_host, Rsvp.state != NOT_GOING)
    return list(db.session.scalars(query.order_by(Rsvp.answered_at.desc(), Rsvp.id).limit(100)))


def _with(event: Event, state: str) -> list[Rsvp]:
    query = sa.select(Rsvp).options(*with_who(), selectinload(Rsvp.picks))
    query = query.where(Rsvp.event_id == event.id, Rsvp.state == state)
    return list(db.session.scalars(query.order_by(Rsvp.answered_at, Rsvp.id).limit(200)))


def approvals_waiting(event: Event, _user: Any) -> sa.ScalarSelect[int]:
    """How many wait for the hosts' answer: a part of another statement."""
    asked = (Rsvp.event_id == event.id, Rsvp.state == ASKED)
    return sa.select(sa.func.count(Rsvp.id)).where(*asked).scalar_subquery()


def is_any_by_host(event: Event, _user: Any) -> sa.ColumnElement[bool]:
    """Whether a host answered for someone: a part of another statement."""
    return sa.exists().where(Rsvp.event_id == event.id, Rsvp.by_host)
