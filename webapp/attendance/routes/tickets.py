"""The ticket kinds of an event."""

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
from ...events.models import Event, EventOption
from ..forms.registration import TicketForm
from ..labels import price_in_words
from ..registration import form as asked
from ..registration import tickets

bp = Blueprint("event_tickets", __name__, url_prefix="/events/<slug>/manage/tickets")


@bp.get("")
@permission("event:edit")
def index(slug: str) -> ResponseReturnValue:
    """List the ticket types with their holders, and the form for another."""
    event = access.event_to(current_user, "event:edit", slug)
    return _list(event, TicketForm(event))


@bp.post("")
@permission("event:edit")
def create(slug: str) -> ResponseReturnValue:
    """Create a ticket type."""
    event = access.event_to(current_user, "event:edit", slug)
    form = TicketForm(event)
    return submitted(
        form,
        lambda: idempotency.create_once(
            EventOption, actor(), lambda id: tickets.add(event, by=actor(), id=id, **form.values())
        ),
        again=lambda refused: _list(event, form, refused.status),
        to=url_for("event_tickets.index", slug=slug),
        flash=_("Whoever comes chooses among these."),
    )


@bp.get("/<uuid:ticket_id>")
@permission("event:edit")
def edit(slug: str, ticket_id: UUID) -> ResponseReturnValue:
    """Show the form of one ticket type."""
    event = access.event_to(current_user, "event:edit", slug)
    ticket = tickets.with_id(event, ticket_id)
    return _one(event, ticket, TicketForm(event, ticket))


@bp.post("/<uuid:ticket_id>")
@permission("event:edit")
def update(slug: str, ticket_id: UUID) -> ResponseReturnValue:
    """Change the ticket type."""
    event = access.event_to(current_user, "event:edit", slug)
    ticket, form = tickets.with_id(event, ticket_id), TicketForm(event)
    return submitted(
        form,
        lambda: tickets.change(event, ticket, by=actor(), **form.values()),
        again=lambda refused: _one(event, ticket, form, refused.status),
        to=url_for("event_tickets.index", slug=slug),
        flash=_("Changed."),
    )


@bp.post("/<uuid:ticket_id>/rise")
@permission("event:edit")
def move_up(slug: str, ticket_id: UUID) -> ResponseReturnValue:
    """Move the ticket type up."""
    event = access.event_to(current_user, "event:edit", slug)
    tickets.move_up(event, tickets.with_id(event, ticket_id), by=actor())
    return done(url_for("event_tickets.index", slug=slug))


@bp.post("/<uuid:ticket_id>/removal")
@permission("event:edit")
def delete(slug: str, ticket_id: UUID) -> ResponseReturnValue:
    """Delete the ticket type, unless someone has it."""
    event = access.event_to(current_user, "event:edit", slug)
    ticket = tickets.with_id(event, ticket_id)
    return submitted(
        None,
        lambda: tickets.remove(event, ticket, by=actor()),
        again=lambda refused: _list(event, TicketForm(event).refuse(refused), refused.status),
        to=url_for("event_tickets.index", slug=slug),
        flash=_("That kind is no more."),
    )


def _list(event: Event, form: TicketForm, status: int = 200) -> ResponseReturnValue:
    shown: dict[str, Any] = {
        "event": event,
        "form": form,
        "asked": asked.asked_at(event),
        "most": tickets.MOST,
    }
    return render_page(
        "events/manage/tickets.html", status=status, price_in_words=price_in_words, **shown
    )


def _one(
    event: Event, ticket: EventOption, form: TicketForm, status: int = 200
) -> ResponseReturnValue:
    return render_page(
        "events/manage/ticket.html", status=status, event=event, ticket=ticket, form=form
    )
