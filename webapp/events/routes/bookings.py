"""The reader's own seats in a session: taken, given up, and what is offered."""

from uuid import UUID

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ...core.errors import RuleBroken
from ...core.extensions import db
from ...core.pages import see
from ...core.permissions import me, permission, signed_in
from .. import access
from ..agenda import bookings, facing, sessions
from ..forms.agenda import BookingForm
from ..models import AgendaSession
from .agenda import session_page

bp = Blueprint("bookings", __name__, url_prefix="/events/<slug>/agenda/<uuid:session_id>")


@bp.get("/booking")
@signed_in
def show(slug: str, session_id: UUID) -> ResponseReturnValue:
    """Leads to the form on the session's page: visitors come here to sign in first."""
    event = facing.agenda_for(current_user, slug)
    return _back(sessions.with_id(event, session_id))


@bp.post("/booking")
@permission("event:answer")
def create(slug: str, session_id: UUID) -> ResponseReturnValue:
    """Seats are taken, or waited for; for more or fewer than before."""
    session = _session(slug, session_id)
    seen = facing.seen_by(current_user, session)
    form = BookingForm(seen.party, seen.booking)
    if not form.validate():
        return session_page(session, form, 422)
    try:
        bookings.book(session, by=me(), party=form.party.data)
    except RuleBroken as broken:
        db.session.rollback()
        session = _session(slug, session_id)
        form.refuse(broken)
        return session_page(session, form, broken.status)
    db.session.commit()
    return _back(session)


@bp.post("/booking/removal")
@permission("event:answer")
def delete(slug: str, session_id: UUID) -> ResponseReturnValue:
    """The seats, or the place in the queue, are given up."""
    session = _session(slug, session_id)
    bookings.give_up(session, by=me())
    db.session.commit()
    return _back(session)


@bp.post("/offer/acceptance")
@permission("event:answer")
def accept(slug: str, session_id: UUID) -> ResponseReturnValue:
    """The held seats are taken."""
    session = _session(slug, session_id)
    bookings.accept_offer(session, by=me())
    db.session.commit()
    return _back(session)


@bp.post("/offer/refusal")
@permission("event:answer")
def refuse(slug: str, session_id: UUID) -> ResponseReturnValue:
    """The held seats go to the next; the reader waits on, behind the others."""
    session = _session(slug, session_id)
    bookings.decline_offer(session, by=me())
    db.session.commit()
    return _back(session)


def _session(slug: str, session_id: UUID) -> AgendaSession:
    event = facing.agenda_for(current_user, slug)
    access.require(current_user, "event:answer", event)
    return sessions.with_id(event, session_id)


def _back(session: AgendaSession) -> ResponseReturnValue:
    return see(url_for("agenda.show", slug=session.event.slug, session_id=session.id))
