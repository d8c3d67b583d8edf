"""The ticket kinds of an event."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.db import idempotency
from ...core.extensions import db
from ...core.http.errors import UserError
from ...core.http.pages import redirect_303, render_page
from ...core.http.permissions import actor, permission
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
    if not form.validate():
        return _list(event, form, 422)
    try:
        idempotency.create_once(
            EventOption, actor(), lambda id: tickets.add(event, by=actor(), id=id, **form.values())
        )
    except UserError as broken:
        db.session.rollback()
        form.refuse(broken)
        return _list(access.event_for(current_user, slug), form, broken.status)
    flash(_("Whoever comes chooses among these."), "yes")
    return redirect_303(url_for("event_tickets.index", slug=slug))


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
    if not form.validate():
        return _one(event, ticket, form, 422)
    try:
        tickets.change(event, ticket, by=actor(), **form.values())
    except UserError as broken:
        db.session.rollback()
        form.refuse(broken)
        return _one(
            access.event_for(current_user, slug),
            tickets.with_id(event, ticket_id),
            form,
            broken.status,
        )
    db.session.commit()
    flash(_("Changed."), "yes")
    return redirect_303(url_for("event_tickets.index", slug=slug))


@bp.post("/<uuid:ticket_id>/rise")
@permission("event:edit")
def rise(slug: str, ticket_id: UUID) -> ResponseReturnValue:
    """Move the ticket type up."""
    event = access.event_to(current_user, "event:edit", slug)
    tickets.rise(event, tickets.with_id(event, ticket_id), by=actor())
    db.session.commit()
    return redirect_303(url_for("event_tickets.index", slug=slug))


@bp.post("/<uuid:ticket_id>/removal")
@permission("event:edit")
def delete(slug: str, ticket_id: UUID) -> ResponseReturnValue:
    """Delete the ticket type, unless someone has it."""
    event = access.event_to(current_user, "event:edit", slug)
    try:
        tickets.remove(event, tickets.with_id(event, ticket_id), by=actor())
    except UserError as broken:
        db.session.rollback()
        event = access.event_for(current_user, slug)
        form = TicketForm(event)
        form.refuse(broken)
        return _list(event, form, broken.status)
    db.session.commit()
    flash(_("That kind is no more."), "yes")
    return redirect_303(url_for("event_tickets.index", slug=slug))


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
