"""The agenda under a guest's own page: read, chosen from, waited for; by the pages that those
with an account have.
"""

from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue

from ...attendance.routes.guest_pages import open_to
from ...core.http.permissions import public
from ...events import access
from ...events.models import Event, Guest
from .. import session_view, sessions
from ..models import AgendaSession
from . import bookings
from .agenda import day_page, own_file, own_page, session_page

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


def _shown(guest_id: UUID, token: str) -> tuple[Event, Guest]:
    guest = open_to(guest_id, token)
    return session_view.shown_to(guest, guest.event), guest


def _session(guest_id: UUID, token: str, session_id: UUID) -> tuple[AgendaSession, Guest]:
    event, guest = _shown(guest_id, token)
    access.require(guest, "event:answer", event)
    return sessions.with_id(event, session_id), guest


bookings.mount(bp, "/<uuid:session_id>", public, _session)
