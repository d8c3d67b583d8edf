"""The agenda under a guest's own page: read, chosen from, waited for; by the pages that those
with an account have.
"""

from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue

from ...attendance.labels import accepted_in_words, declined_in_words, saved_in_words
from ...attendance.routes.guest_pages import open_to
from ...core.http.permissions import public
from ...events import access
from ...events.models import Event, Guest
from .. import bookings, session_view, sessions
from ..models import AgendaSession
from .agenda import day_page, own_file, own_page, session_page
from .bookings import back_to, booked

bp = Blueprint("guest_agenda", __name__, url_prefix="/guests/<uuid:guest_id>/<token>/agenda")


@bp.get("")
@public
def index(guest_id: UUID, token: str) -> ResponseReturnValue:
    """Show one day of the agenda, with the guest's choices."""
    return day_page(*_shown(guest_id, token))


@bp.get("/mine")
@public
def mine(guest_id: UUID, token: str) -> ResponseReturnValue:
    """List the sessions that the guest chose, with what is on at the same time."""
    return own_page(*_shown(guest_id, token))


@bp.get("/mine.ics")
@public
def file(guest_id: UUID, token: str) -> ResponseReturnValue:
    """Serve the guest's sessions as a calendar file."""
    return own_file(*_shown(guest_id, token))


@bp.get("/<uuid:session_id>")
@public
def show(guest_id: UUID, token: str, session_id: UUID) -> ResponseReturnValue:
    """Show one session, with the guest's own seats."""
    return session_page(*_session(guest_id, token, session_id))


@bp.post("/<uuid:session_id>/booking")
@public
def create(guest_id: UUID, token: str, session_id: UUID) -> ResponseReturnValue:
    """Take seats or join the waiting list, with more or fewer people than before."""
    return booked(lambda: _session(guest_id, token, session_id))


@bp.post("/<uuid:session_id>/booking/removal")
@public
def delete(guest_id: UUID, token: str, session_id: UUID) -> ResponseReturnValue:
    """Give up the seats, or leave the waiting list."""
    session, guest = _session(guest_id, token, session_id)
    said = saved_in_words(bookings.give_up(session, by=guest))
    return back_to(session, guest, said)


@bp.post("/<uuid:session_id>/offer/acceptance")
@public
def accept(guest_id: UUID, token: str, session_id: UUID) -> ResponseReturnValue:
    """Accept the offered seats."""
    session, guest = _session(guest_id, token, session_id)
    said = accepted_in_words(bookings.accept_offer(session, by=guest))
    return back_to(session, guest, said)


@bp.post("/<uuid:session_id>/offer/refusal")
@public
def refuse(guest_id: UUID, token: str, session_id: UUID) -> ResponseReturnValue:
    """Decline the offered seats; the guest goes to the back of the waiting list."""
    session, guest = _session(guest_id, token, session_id)
    bookings.decline_offer(session, by=guest)
    return back_to(session, guest, declined_in_words())


def _shown(guest_id: UUID, token: str) -> tuple[Event, Guest]:
    guest = open_to(guest_id, token)
    return session_view.shown_to(guest, guest.event), guest


def _session(guest_id: UUID, token: str, session_id: UUID) -> tuple[AgendaSession, Guest]:
    event, guest = _shown(guest_id, token)
    access.require(guest, "event:answer", event)
    return sessions.with_id(event, session_id), guest
