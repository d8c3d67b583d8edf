"""The reader's own seats in a session: taken, given up, and what is offered."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ...accounts.models import User
from ...attendance import guest_links
from ...attendance.labels import accepted_in_words, declined_in_words, saved_in_words
from ...core.http.pages import redirect_303
from ...core.http.permissions import actor, permission, signed_in
from ...core.http.submit import done, submitted
from ...events import access
from ...events.models import Guest
from .. import bookings, session_view, sessions
from ..forms import BookingForm
from ..models import AgendaSession
from .agenda import session_page

bp = Blueprint("bookings", __name__, url_prefix="/events/<slug>/agenda/<uuid:session_id>")


@bp.get("/booking")
@signed_in
def show(slug: str, session_id: UUID) -> ResponseReturnValue:
    """Redirect to the session's form, after a visitor has signed in."""
    event = session_view.agenda_for(current_user, slug)
    return redirect_303(_url(sessions.with_id(event, session_id), current_user))


@bp.post("/booking")
@permission("event:answer")
def create(slug: str, session_id: UUID) -> ResponseReturnValue:
    """Take seats or join the waiting list, with more or fewer people than before."""
    return booked(lambda: (_session(slug, session_id), actor()))


def booked(asked: Callable[[], tuple[AgendaSession, User | Guest]]) -> ResponseReturnValue:
    """Who `asked` has what their form says, or sees it again with a sentence, while they may see
    the session.
    """
    session, who = asked()
    seen = session_view.seen_by(who, session)
    form = BookingForm(seen.party, seen.booking, session.capacity)
    return submitted(
        form,
        lambda: bookings.book(session, by=who, party=form.party.data),
        again=lambda refused: session_page(*asked(), form, refused.status),
        to=_url(session, who),
        flash=saved_in_words,
    )


@bp.post("/booking/removal")
@permission("event:answer")
def delete(slug: str, session_id: UUID) -> ResponseReturnValue:
    """Give up the seats, or leave the waiting list."""
    session = _session(slug, session_id)
    said = saved_in_words(bookings.give_up(session, by=actor()))
    return back_to(session, actor(), said)


@bp.post("/offer/acceptance")
@permission("event:answer")
def accept(slug: str, session_id: UUID) -> ResponseReturnValue:
    """Accept the offered seats."""
    session = _session(slug, session_id)
    said = accepted_in_words(bookings.accept_offer(session, by=actor()))
    return back_to(session, actor(), said)


@bp.post("/offer/refusal")
@permission("event:answer")
def refuse(slug: str, session_id: UUID) -> ResponseReturnValue:
    """Decline the offered seats; the reader goes to the back of the waiting list."""
    session = _session(slug, session_id)
    bookings.decline_offer(session, by=actor())
    return back_to(session, actor(), declined_in_words())


def _session(slug: str, session_id: UUID) -> AgendaSession:
    event = session_view.agenda_for(current_user, slug)
    access.require(current_user, "event:answer", event)
    return sessions.with_id(event, session_id)


def back_to(session: AgendaSession, who: Any, said: str) -> ResponseReturnValue:
    """What was done is committed, and `who` sees the session, and reads what was done."""
    return done(_url(session, who), said)


def _url(session: AgendaSession, who: Any) -> str:
    return f"{guest_links.base_for(who, session.event)}/agenda/{session.id}"
