"""What people said with their answers: to the hosts' questions, and which ticket kinds and
choices they have picked.
"""

from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import selectinload

from ...core.extensions import db
from ..asked import asked_at
from ..models import ASKED, NOT_GOING, REFUSED, Event, EventOption, Rsvp, is_of, rsvp_pick, with_who


class Said(NamedTuple):
    """What was asked, in order, and what each answer says to it, by the answer's id: as many
    texts as there are columns.
    """

    columns: list[str]
    rows: dict[UUID, list[str]]


def answers_to_questions(event: Event) -> Said:
    """The ticket kind, where there are kinds, and the words that were said to each question; to
    removed ones at the end.

    Two statements more than what the event asks, however many have answered.
    """
    asked = asked_at(event)
    given = db.session.execute(
        sa.select(Rsvp.id, Rsvp.answers).where(Rsvp.event_id == event.id)
    ).all()
    words = {str(one.id): one.words for one in asked.questions}
    for _row_id, answers in given:
        for question_id, then, _answer in answers:
            words.setdefault(question_id, then)
    tickets = _tickets(event) if asked.tickets else {}
    rows = {}
    for row_id, answers in given:
        said = {question_id: answer for question_id, _then, answer in answers}
        first = [tickets.get(row_id, "")] if asked.tickets else []
        rows[row_id] = [*first, *(said.get(question_id, "") for question_id in words)]
    return Said([*([_("Ticket")] if asked.tickets else []), *words.values()], rows)


def _tickets(event: Event) -> dict[UUID, str]:
    wanted = sa.select(rsvp_pick.c.rsvp_id, EventOption.words).join(
        EventOption, EventOption.id == rsvp_pick.c.option_id
    )
    found = db.session.execute(
        wanted.where(EventOption.event_id == event.id, EventOption.question_id.is_(None))
    )
    return {row.rsvp_id: row.words for row in found}


def said_by(event: Event, user: Any) -> dict[str, Any]:
    """What `user` told before, by the names of the form's fields."""
    wanted = (
        sa.select(Rsvp)
        .where(Rsvp.event_id == event.id, is_of(user))
        .options(selectinload(Rsvp.picks))
    )
    row = db.session.scalar(wanted)
    return fields_of(row) if row is not None else {}


def fields_of(row: Rsvp) -> dict[str, Any]:
    """What an answer says, by the names of the form's fields: texts, and the ids of what was
    picked.
    """
    said: dict[str, Any] = {
        f"said_{UUID(question_id).hex}": answer for question_id, _words, answer in row.answers
    }
    for option in row.picks:
        said["ticket" if option.is_ticket else f"said_{option.question_id.hex}"] = str(option.id)  # type: ignore[union-attr]
    return said


def asking(event: Event) -> list[Rsvp]:
    """Those who wait for the hosts' answer, in the order in which they asked, with their people
    and what they picked.
    """
    return _with(event, ASKED)


def refused(event: Event) -> list[Rsvp]:
    """Those to whom the hosts said no, the latest first."""
    return _with(event, REFUSED)[::-1]


def hosted(event: Event) -> list[Rsvp]:
    """Those for whom a host has answered, the latest first."""
    wanted = sa.select(Rsvp).options(*with_who(), selectinload(Rsvp.picks))
    wanted = wanted.where(Rsvp.event_id == event.id, Rsvp.by_host, Rsvp.state != NOT_GOING)
    return list(db.session.scalars(wanted.order_by(Rsvp.answered_at.desc(), Rsvp.id).limit(100)))


def _with(event: Event, state: str) -> list[Rsvp]:
    wanted = sa.select(Rsvp).options(*with_who(), selectinload(Rsvp.picks))
    wanted = wanted.where(Rsvp.event_id == event.id, Rsvp.state == state)
    return list(db.session.scalars(wanted.order_by(Rsvp.answered_at, Rsvp.id).limit(200)))


def approvals_waiting(event: Event) -> sa.ScalarSelect[int]:
    """How many wait for the hosts' answer: a part of another statement."""
    counted = (
        sa.select(sa.func.count())
        .select_from(Rsvp)
        .where(Rsvp.event_id == event.id, Rsvp.state == ASKED)
    )
    return counted.scalar_subquery()
