"""The reader's own seats in a session: taking them, giving them up, and offers. And the agenda
below a guest's own page, with the same for guests.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ...accounts.models import User
from ...attendance import guest_links
from ...attendance.labels import accepted_in_words, declined_in_words, saved_in_words
from ...attendance.routes.guest_pages import open_to
from ...core.http.pages import redirect_303
from ...core.http.permissions import actor, permission, public, signed_in
from ...core.http.submit import done, submitted
from ...events import access
from ...events.models import Event, Guest
from .. import bookings, session_view, sessions
from ..forms import BookingForm
from ..models import AgendaSession
from .agenda import day_page, own_file, own_page, session_page

bp = Blueprint("bookings", __name__, url_prefix="/events/<slug>/agenda/<uuid:session_id>")


@bp.get("/booking")
@signed_in
def show(slug: str, session_id: UUID) -> ResponseReturnValue:
    """Redirect to the session's form, after a visitor has signed in."""
    event = session_view.agenda_for(current_user, slug)
    return redirect_303(_url(sessions.with_id(event, session_id), current_user))


def mount(
    bp: Blueprint,
    path: str,
    guard: Callable[[Any], Any],
    load: Callable[..., tuple[AgendaSession, User | Guest]],
) -> None:
    """Add the routes for taking and giving up seats in a session.
    `load` returns the session and the person or guest, from the URL's parameters.
    """

    @bp.post(f"{path}/booking")
    @guard
    def create(**where: Any) -> ResponseReturnValue:
        """Take seats or join the waiting list, with more or fewer people than before."""
        return _booked(lambda: load(**where))

    @bp.post(f"{path}/booking/removal")
    @guard
    def delete(**where: Any) -> ResponseReturnValue:
        """Give up the seats, or leave the waiting list."""
        session, who = load(**where)
        return done(_url(session, who), saved_in_words(bookings.cancel(session, by=who)))

    @bp.post(f"{path}/offer/acceptance")
    @guard
    def accept(**where: Any) -> ResponseReturnValue:
        """Accept the offered seats."""
        session, who = load(**where)
        return done(_url(session, who), accepted_in_words(bookings.accept_offer(session, by=who)))

    @bp.post(f"{path}/offer/refusal")
    @guard
    def refuse(**where: Any) -> ResponseReturnValue:
        """Decline the offered seats, and go to the back of the waiting list."""
        session, who = load(**where)
        bookings.decline_offer(session, by=who)
        return done(_url(session, who), declined_in_words())


def _booked(find: Callable[[], tuple[AgendaSession, User | Guest]]) -> ResponseReturnValue:
    """Book as the form says, or show the page again with the error, if the person may still see the
    session.
    """
    session, who = find()
    view = session_view.view_for(who, session)
    form = BookingForm(view.party, view.booking, session.capacity)
    return submitted(
        form,
        lambda: bookings.book(session, by=who, party=form.party.data),
        again=lambda refused: session_page(*find(), form, refused.status),
        to=_url(session, who),
        flash=saved_in_words,
    )


def _url(session: AgendaSession, who: Any) -> str:
    return f"{guest_links.base_for(who, session.event)}/agenda/{session.id}"


def _session(slug: str, session_id: UUID) -> tuple[AgendaSession, User]:
    event = session_view.agenda_for(current_user, slug)
    access.require(current_user, "event:answer", event)
    return sessions.with_id(event, session_id), actor()


mount(bp, "", permission("event:answer"), _session)


guest_bp = Blueprint("guest_agenda", __name__, url_prefix="/guests/<uuid:guest_id>/<token>/agenda")


@guest_bp.get("")
@public
def index(guest_id: UUID, token: str) -> ResponseReturnValue:
    """Show one day of the agenda, with the guest's choices."""
    return day_page(*_shown(guest_id, token))


@guest_bp.get("/mine")
@public
def mine(guest_id: UUID, token: str) -> ResponseReturnValue:
    """List the sessions that the guest chose, with what is on at the same time."""
    return own_page(*_shown(guest_id, token))


@guest_bp.get("/mine.ics")
@public
def file(guest_id: UUID, token: str) -> ResponseReturnValue:
    """Serve the guest's sessions as a calendar file."""
    return own_file(*_shown(guest_id, token))


@guest_bp.get("/<uuid:session_id>", endpoint="show")
@public
def show_guest_session(guest_id: UUID, token: str, session_id: UUID) -> ResponseReturnValue:
    """Show one session, with the guest's own seats."""
    return session_page(*_guest_session(guest_id, token, session_id))


def _shown(guest_id: UUID, token: str) -> tuple[Event, Guest]:
    guest = open_to(guest_id, token)
    return session_view.shown_to(guest, guest.event), guest


def _guest_session(guest_id: UUID, token: str, session_id: UUID) -> tuple[AgendaSession, Guest]:
    event, guest = _shown(guest_id, token)
    access.require(guest, "event:answer", event)
    return sessions.with_id(event, session_id), guest


mount(guest_bp, "/<uuid:session_id>", public, _guest_session)
