"""Tickets, and checking people in: by the ticket's code, typed or scanned, or by name."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ...core.db import idempotency
from ...core.extensions import db
from ...core.http.errors import UserError
from ...core.http.forms import query_text
from ...core.http.pages import Page, page_number, render_page, wanted_fragment
from ...core.http.permissions import actor, permission, public
from ...core.http.security_headers import with_camera
from ...core.http.submit import done, submitted
from ...core.ui.qr_code import qr_svg
from ...events import access
from ...events.models import GOING, Event, Rsvp
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
@permission("event:check_in")
def show(slug: str) -> ResponseReturnValue:
    """Show check-in: code field, name search (?q=), last party (?answer=), numbers."""
    event = access.event_to(current_user, "event:check_in", slug)
    last = _id(request.args.get("answer", ""))
    return _page(event, CodeForm(formdata=None), reads.party(event, last) if last else None)


@bp.post("")
@permission("event:check_in")
def create(slug: str) -> ResponseReturnValue:
    """Check in a ticket; for a party, ask how many are here."""
    event, form = access.event_to(current_user, "event:check_in", slug), CodeForm()
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
        return _refused(event, refused, rsvp_id)
    return done(url_for("check_in.show", slug=slug, answer=row.id))


@bp.post("/<uuid:rsvp_id>/arrival")
@permission("event:check_in")
def arrive(slug: str, rsvp_id: UUID) -> ResponseReturnValue:
    """Check in some of the party."""
    return _act(
        slug, rsvp_id, PartyForm(), lambda event, form: _step(check_in.arrive, event, rsvp_id, form)
    )


@bp.post("/<uuid:rsvp_id>/departure")
@permission("event:check_in")
def leave(slug: str, rsvp_id: UUID) -> ResponseReturnValue:
    """Check some of the party out; they can come back."""
    return _act(
        slug,
        rsvp_id,
        PartyForm(),
        lambda event, form: _step(check_in.leave, event, rsvp_id, form),
    )


@bp.post("/<uuid:rsvp_id>/correction")
@permission("event:check_in")
def undo(slug: str, rsvp_id: UUID) -> ResponseReturnValue:
    """Undo the last check-in step."""
    return _act(
        slug,
        rsvp_id,
        StepForm(),
        lambda event, form: check_in.undo(event, rsvp_id, UUID(form.step.data)),
    )


@bp.get("/list")
@permission("event:check_in")
def sheet(slug: str) -> ResponseReturnValue:
    """Show a list of everyone expected, to print for check-in without a connection."""
    event = access.event_to(current_user, "event:check_in", slug)
    shown: dict[str, Any] = {"rows": reads.expected(event), "price_in_words": price_in_words}
    return render_page("attendance/manage/check_in_list.html", event=event, **shown)


def _step(verb: Callable[..., Any], event: Event, rsvp_id: UUID, form: PartyForm) -> None:
    """Add the step only once, however often the button is pressed."""
    idempotency.create_once(
        CheckInEvent, actor(), lambda id: verb(event, rsvp_id, actor(), id=id, **form.values())
    )


def _act(
    slug: str, rsvp_id: UUID, form: Any, verb: Callable[[Event, Any], Any]
) -> ResponseReturnValue:
    event = access.event_to(current_user, "event:check_in", slug)
    rsvps.with_id(event, rsvp_id)
    if not form.validate():
        abort(422)
    return submitted(
        None,
        lambda: verb(event, form),
        again=lambda refused: _refused(event, refused, rsvp_id),
        to=url_for("check_in.show", slug=slug, answer=rsvp_id, page=request.args.get("page")),
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
@permission("event:view")
def show_ticket(slug: str) -> ResponseReturnValue:
    """Show the reader's ticket, or why there is none."""
    event = access.event_for(current_user, slug)
    return _ticket(event, actor(), event.path)


@guest_tickets_bp.get("/ticket", endpoint="show_guest")
@public
def show_guest_ticket(guest_id: UUID, token: str) -> ResponseReturnValue:
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
        shown["drawing"] = qr_svg(ticket_codes.qr_url(event, shown["code"]))
    return render_page("attendance/ticket.html", **shown)
