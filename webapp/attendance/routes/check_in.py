"""Tickets, and checking people in: by the ticket's code, typed or scanned, or by name."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, request, url_for
from flask.typing import ResponseReturnValue

from ...core.db import idempotency
from ...core.extensions import db
from ...core.http.errors import UserError
from ...core.http.forms import query_text
from ...core.http.pages import Page, page_number, render_page, wanted_fragment
from ...core.http.permissions import actor, loaded_again, opens
from ...core.http.security_headers import with_camera
from ...core.http.submit import done, submitted
from ...core.ui.qr_code import qr_svg
from ...events import access
from ...events.models import GOING, Event, Guest, Rsvp
from .. import check_in, guest_links, rsvps, ticket_codes
from ..forms.check_in import CodeForm, PartyForm, StepForm
from ..labels import price_in_words
from ..models import CheckInEvent
from ..reads import check_in as reads
from .guest_pages import open_to

bp = Blueprint("check_in", __name__, url_prefix="/events/<slug>/manage/check-in")
PARTS = {
    "check-in": "attendance/manage/_check_in.html",
    "check-in-found": "attendance/manage/_check_in_found.html",
    "check-in-count": "attendance/manage/_check_in_count.html",
}


@bp.get("")
@opens(access.event_to, "event:check_in")
def show(event: Event) -> ResponseReturnValue:
    """Show check-in: code field, name search (?q=), last party (?answer=), numbers."""
    last = _id(request.args.get("answer", ""))
    return _page(event, CodeForm(formdata=None), reads.party(event, last) if last else None)


@bp.post("")
@opens(access.event_to, "event:check_in")
def create(event: Event) -> ResponseReturnValue:
    """Check in a ticket; for a party, ask how many are here."""
    form = CodeForm()
    if not form.validate():
        return _page(event, form, None, 422)
    rsvp_id = None
    try:
        row = check_in.find_ticket(event, form.code.data or "", by=actor())
        rsvp_id = row.id
        if row.party == 1 or not check_in.outside_count(row, check_in.attendance_of(row)):
            check_in.arrive(event, row.id, by=actor())
    except UserError as refused:
        db.session.rollback()
        (event,) = loaded_again()
        return _refused(event, refused, rsvp_id)
    return done(url_for("check_in.show", slug=event.slug, answer=row.id))


@bp.post("/<uuid:rsvp_id>/arrival")
@opens(access.event_to, "event:check_in", rsvps.with_id)
def arrive(event: Event, row: Rsvp) -> ResponseReturnValue:
    """Check in some of the party."""
    form = PartyForm()
    return _act(event, row, form, lambda: _step(check_in.arrive, event, row, form))


@bp.post("/<uuid:rsvp_id>/departure")
@opens(access.event_to, "event:check_in", rsvps.with_id)
def leave(event: Event, row: Rsvp) -> ResponseReturnValue:
    """Check some of the party out; they can come back."""
    form = PartyForm()
    return _act(event, row, form, lambda: _step(check_in.leave, event, row, form))


@bp.post("/<uuid:rsvp_id>/correction")
@opens(access.event_to, "event:check_in", rsvps.with_id)
def undo(event: Event, row: Rsvp) -> ResponseReturnValue:
    """Undo the last check-in step."""
    form = StepForm()
    return _act(event, row, form, lambda: check_in.undo(event, row.id, UUID(form.step.data)))


@bp.get("/list")
@opens(access.event_to, "event:check_in")
def sheet(event: Event) -> ResponseReturnValue:
    """Show a list of everyone expected, to print for check-in without a connection."""
    shown: dict[str, Any] = {"rows": reads.expected(event), "price_in_words": price_in_words}
    return render_page("attendance/manage/check_in_list.html", event=event, **shown)


def _step(verb: Callable[..., Any], event: Event, row: Rsvp, form: PartyForm) -> None:
    """Add the step only once, however often the button is pressed."""
    idempotency.create_once(
        CheckInEvent, actor(), lambda id: verb(event, row.id, actor(), id=id, **form.values())
    )


def _act(event: Event, row: Rsvp, form: Any, action: Callable[[], Any]) -> ResponseReturnValue:
    if not form.validate():
        abort(422)
    return submitted(
        None,
        action,
        again=lambda refused, event, row: _refused(event, refused, row.id),
        to=url_for("check_in.show", slug=event.slug, answer=row.id, page=request.args.get("page")),
    )


def _refused(event: Event, refused: UserError, rsvp_id: UUID | None) -> ResponseReturnValue:
    """Render the page with the error, and the party it is about if that belongs to this event."""
    about = reads.party(event, rsvp_id) if rsvp_id else None
    return _page(event, CodeForm(formdata=None), about, refused.status, problem=refused.message)


def _page(
    event: Event, form: CodeForm, row: Rsvp | None, status: int = 200, problem: str = ""
) -> Response:
    words = query_text()
    shown: dict[str, Any] = {
        "event": event,
        "form": form,
        "one": row,
        "problem": problem,
        "words": words,
    }
    shown |= {
        "closed": check_in.closed_because(event),
        "found": reads.found(event, words),
        "most": reads.SHOWN,
        "absent": _not_arrived(event, words),
        "is_from_list": row is not None and wanted_fragment() == "check-in-found",
    }
    shown |= {"count": reads.count_of(event), "latest": reads.latest(event)}
    shown |= {"last_step": check_in.last_event(row) if row is not None else None}
    shown |= {"unexpected": check_in.why_unexpected, "price_in_words": price_in_words}
    return with_camera(
        render_page("attendance/manage/check_in.html", PARTS, status=status, **shown)
    )


def _not_arrived(event: Event, words: str) -> Page | None:
    """Return who hasn't arrived, for the page and its fragments with a list that isn't searched."""
    is_needed = not words and wanted_fragment() != "check-in-count"
    return reads.not_arrived(event, page_number()) if is_needed else None


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


# The ticket page, to show on a phone or to print: one for each answer, for members and guests.

tickets_bp = Blueprint("ticket_pages", __name__)
guest_tickets_bp = Blueprint(
    "guest_ticket_pages", __name__, url_prefix="/guests/<uuid:guest_id>/<token>"
)


@tickets_bp.get("/events/<slug>/ticket", endpoint="show")
@opens(access.event_to, "event:view")
def show_ticket(event: Event) -> ResponseReturnValue:
    """Show the reader's ticket, or why there is none."""
    return _ticket(event, actor(), event.path)


@guest_tickets_bp.get("/ticket", endpoint="show_guest")
@opens(open_to, to_visitors=True)
def show_guest_ticket(guest: Guest) -> ResponseReturnValue:
    """Show the guest's ticket."""
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
        shown["drawing"] = qr_svg(ticket_codes.qr_url(event, shown["code"]))
    return render_page("attendance/ticket.html", **shown)
