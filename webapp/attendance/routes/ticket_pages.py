"""The ticket page, to show on a phone or to print: one for each answer, for members and guests."""

from typing import Any
from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ...core.http.pages import render_page
from ...core.http.permissions import actor, permission, public
from ...events import access
from ...events.models import GOING, Event
from .. import guest_links, rsvps, ticket_codes
from ..labels import price_in_words
from .guest_pages import open_to

bp = Blueprint("ticket_pages", __name__)
guests_bp = Blueprint("guest_ticket_pages", __name__, url_prefix="/guests/<uuid:guest_id>/<token>")


@bp.get("/events/<slug>/ticket")
@permission("event:view")
def show(slug: str) -> ResponseReturnValue:
    """Show the reader's ticket, or why there is none."""
    event = access.event_for(current_user, slug)
    return _ticket(event, actor(), event.path)


@guests_bp.get("/ticket")
@public
def show_guest(guest_id: UUID, token: str) -> ResponseReturnValue:
    """Show the guest's ticket."""
    guest = open_to(guest_id, token)
    return _ticket(guest.event, guest, guest_links.path(guest))


def _ticket(event: Event, who: Any, back: str) -> ResponseReturnValue:
    row = rsvps.of(event, who)
    shown: dict[str, Any] = {
        "event": event,
        "holder": who,
        "row": row,
        "back": back,
        "code": "",
        "price_in_words": price_in_words,
    }
    if row is not None and row.state == GOING and not event.is_cancelled:
        shown["code"] = ticket_codes.code_of(row.id)
        shown["drawing"] = ticket_codes.qr_svg(event, shown["code"])
    return render_page("attendance/ticket.html", **shown)
