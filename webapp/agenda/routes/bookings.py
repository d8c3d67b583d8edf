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
from ...core.http.permissions import opens
from ...core.http.submit import done, page_with, submitted
from ...events import access
from ...events.models import Event, Guest
from .. import bookings, session_view, sessions
from ..forms import BookingForm
from ..models import AgendaSession
from .agenda import day_page, own_file, own_page, session_page

bp = Blueprint("bookings", __name__, url_prefix="/events/<slug>/agenda/<uuid:session_id>")


@bp.get("/booking")
@opens(session_view.agenda_for, row=sessions.with_id)
def show(_event: Event, session: AgendaSession) -> ResponseReturnValue:
    """Redirect to the session's form, after a visitor has signed in."""
    return redirect_303(_url(session, current_user))


def mount(
    bp: Blueprint,
    path: str,
    opener: Callable[[Any], Any],
) -> None:
    """Add the routes for taking and giving up seats in a session.
    `opener` finds the session and the person or guest.
    """

    @bp.post(f"{path}/booking")
    @opener
    def create(session: AgendaSession, who: User | Guest) -> ResponseReturnValue:
        """Take seats or join the waiting list, with more or fewer people than before."""
        view = session_view.view_for(who, session)
        form = BookingForm(view.party, view.booking, session.capacity)
        return submitted(
            form,
            lambda: bookings.book(session, by=who, party=form.party.data),
            again=page_with(session_page, form),
            to=_url(session, who),
            flash=saved_in_words,
        )

    @bp.post(f"{path}/booking/removal")
    @opener
    def delete(session: AgendaSession, who: User | Guest) -> ResponseReturnValue:
        """Give up the seats, or leave the waiting list."""
        return done(_url(session, who), saved_in_words(bookings.cancel(session, by=who)))

    @bp.post(f"{path}/offer/acceptance")
    @opener
    def accept(session: AgendaSession, who: User | Guest) -> ResponseReturnValue:
        """Accept the offered seats."""
        return done(_url(session, who), accepted_in_words(bookings.accept_offer(session, by=who)))

    @bp.post(f"{path}/offer/refusal")
    @opener
    def refuse(session: AgendaSession, who: User | Guest) -> ResponseReturnValue:
        """Decline the offered seats, and go to the back of the waiting list."""
        bookings.decline_offer(session, by=who)
        return done(_url(session, who), declined_in_words())


def _url(session: AgendaSession, who: Any) -> str:
    return f"{guest_links.base_for(who, session.event)}/agenda/{session.id}"


def _session(
    user: Any, action: str, slug: str, session_id: UUID
) -> tuple[AgendaSession, User | Guest]:
    event = session_view.agenda_for(user, slug)
    access.require(user, action, event)
    return sessions.with_id(event, session_id), user


mount(bp, "", opens(_session, "event:answer"))


guest_bp = Blueprint("guest_agenda", __name__, url_prefix="/guests/<uuid:guest_id>/<token>/agenda")


def _shown(reader: Any, guest_id: UUID, token: str) -> tuple[Event, Guest]:
    guest = open_to(reader, guest_id, token)
    return session_view.shown_to(guest, guest.event), guest


@guest_bp.get("")
@opens(_shown, to_visitors=True)
def index(event: Event, guest: Guest) -> ResponseReturnValue:
    """Show one day of the agenda, with the guest's choices."""
    return day_page(event, guest)


@guest_bp.get("/mine")
@opens(_shown, to_visitors=True)
def mine(event: Event, guest: Guest) -> ResponseReturnValue:
    """List the sessions that the guest chose, with what is on at the same time."""
    return own_page(event, guest)


@guest_bp.get("/mine.ics")
@opens(_shown, to_visitors=True)
def file(event: Event, guest: Guest) -> ResponseReturnValue:
    """Serve the guest's sessions as a calendar file."""
    return own_file(event, guest)


def _guest_session(
    reader: Any, action: str, guest_id: UUID, token: str, session_id: UUID
) -> tuple[AgendaSession, Guest]:
    event, guest = _shown(reader, guest_id, token)
    access.require(guest, action, event)
    return sessions.with_id(event, session_id), guest


@guest_bp.get("/<uuid:session_id>", endpoint="show")
@opens(_guest_session, "event:answer", to_visitors=True)
def show_guest_session(session: AgendaSession, guest: Guest) -> ResponseReturnValue:
    """Show one session, with the guest's own seats."""
    return session_page(session, guest)


mount(guest_bp, "/<uuid:session_id>", opens(_guest_session, "event:answer", to_visitors=True))
