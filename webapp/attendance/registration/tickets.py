"""An event's ticket types: free, for a donation, or paid at the door.

Each can have its own capacity and dates.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _, ngettext

from ...accounts.models import User
from ...core.db import ordering
from ...core.db.base import new_id
from ...core.db.session import one_or_404
from ...core.extensions import db
from ...core.http.errors import UserError
from ...core.text.typed import same_words
from ...core.time.time_zones import to_moment
from ...events import planning
from ...events.models import FREE, NOT_GOING, ON_SITE, REFUSED, Event, EventOption, Rsvp, rsvp_pick
from . import form

MOST = 10
CHANGED = "event.tickets_changed"


def with_id(event: Event, ticket_id: UUID) -> EventOption:
    """Return the event's ticket type with this id. Raises NotFound."""
    query = sa.select(EventOption).where(
        EventOption.id == ticket_id, EventOption.event_id == event.id
    )
    return one_or_404(query.where(EventOption.question_id.is_(None)))


def add(event: Event, by: User, id: UUID | None = None, **values: Any) -> EventOption:
    """Add a ticket type after the others.

    Existing answers keep the type they have.
    """
    event = planning.hold_changeable(event)
    tickets = form.registration_form(event).tickets
    if len(tickets) >= MOST:
        raise UserError(_("You can have up to ten ticket types."))
    place = max((it.position for it in tickets), default=0) + 1
    ticket = EventOption(id=id or new_id(), event_id=event.id, position=place, taken=0)
    _refuse_taken(values["label"], tickets)
    _write(event, ticket, values)
    db.session.add(ticket)
    form.finish_change(event, by, CHANGED)
    return ticket


def change(event: Event, ticket: EventOption, by: User, **values: Any) -> None:
    """Change the ticket type.

    Less capacity removes nobody; more goes to the waiting list.
    """
    event = planning.hold_changeable(event)
    _refuse_taken(
        values["label"],
        [one for one in form.registration_form(event).tickets if one.id != ticket.id],
    )
    _write(event, ticket, values)
    form.finish_change(event, by, CHANGED)


def move_up(event: Event, ticket: EventOption, by: User) -> None:
    """Move the ticket type up by one, unless it is the first."""
    event = planning.hold_changeable(event)
    ordering.move_up(form.registration_form(event).tickets, ticket)
    form.finish_change(event, by, CHANGED)


def remove(event: Event, ticket: EventOption, by: User) -> None:
    """Remove the ticket type. Raises UserError while someone has it."""
    event = planning.hold_changeable(event)
    refuse_picked([ticket])
    rest = [one for one in form.registration_form(event).tickets if one.id != ticket.id]
    db.session.delete(ticket)
    db.session.flush()
    ordering.number(rest)
    form.finish_change(event, by, CHANGED)


def refuse_picked(options: list[EventOption]) -> None:
    """Raises UserError if someone who is going, is waiting or has a request picked one of these."""
    for option in options:
        having = (
            sa.select(sa.func.count())
            .select_from(Rsvp)
            .join(rsvp_pick, rsvp_pick.c.rsvp_id == Rsvp.id)
        )
        having = having.where(
            rsvp_pick.c.option_id == option.id, Rsvp.state.not_in((NOT_GOING, REFUSED))
        )
        number = db.session.scalar(having) or 0
        if number:
            names = {"option": option.label}
            picked = ngettext(
                "1 answer has “%(option)s”. Set its capacity to 0 instead, so that no one else can "
                "choose it.",
                "%(num)s answers have “%(option)s”. Set its capacity to 0 instead, so that no one "
                "else can choose it.",
                number,
                **names,
            )
            raise UserError(picked, "options")


def _refuse_taken(name: str, others: list[EventOption]) -> None:
    for other in others:
        if same_words(other.label) == same_words(name):
            sentence = _("“%(name)s” exists already. Choose another name.", name=other.label)
            raise UserError(sentence, "label")


def _write(event: Event, ticket: EventOption, values: Mapping[str, Any]) -> None:
    opens, closes = (_moment(event, values, name) for name in ("opens", "closes"))
    if opens is not None and closes is not None and closes <= opens:
        raise UserError(_("The end must be after the start."), "closes")
    if values["price"] == ON_SITE and not values["amount"]:
        raise UserError(_("Enter what the ticket costs."), "amount")
    ticket.label, ticket.price, ticket.capacity = (
        values["label"],
        values["price"],
        values["capacity"],
    )
    ticket.amount = None if values["price"] == FREE else values["amount"]
    ticket.currency = None if ticket.amount is None else values["currency"]
    ticket.opens_at, ticket.closes_at = opens, closes


def _moment(event: Event, values: Mapping[str, Any], name: str) -> Any:
    wall = values.get(name)
    return to_moment(wall, event.zone, 0, name) if wall else None
