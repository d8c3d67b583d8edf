"""The ticket kinds of an event."""

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from ...core.http.editable_lists import EditableList
from ...core.http.pages import render_page
from ...core.http.permissions import permission
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


EditableList(
    noun="ticket",
    model=EventOption,
    rules=tickets,
    form=TicketForm,
    list_page=_list,
    row_page=_one,
    added=_l("Ticket type added."),
    removed=_l("Ticket type removed."),
).mount(bp, "event:edit", access.event_to)
