"""The hosts' pages of an agenda: the list of sessions, and forms for adding, changing, moving,
cancelling and deleting them.
"""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...core.db import idempotency
from ...core.http.pages import render_page
from ...core.http.permissions import actor, opens
from ...core.http.submit import page_with, submitted
from ...events import access
from ...events.models import Event
from .. import reads as reads, rooms, session_view, sessions, speakers as speaking, tracks
from ..forms import Offered, SessionCancellationForm, SessionForm, SessionMoveForm
from ..models import AgendaSession

bp = Blueprint("agenda_planning", __name__, url_prefix="/events/<slug>/manage/agenda")


@bp.get("")
@opens(access.event_to, "event:edit")
def index(event: Event) -> ResponseReturnValue:
    """List all sessions by day, and whether others see them."""
    return _list(event)


@bp.get("/new")
@opens(access.event_to, "event:edit")
def new(event: Event) -> ResponseReturnValue:
    """Show the form for a new session."""
    return _form(event, SessionForm(event, _offered(event)))


@bp.post("")
@opens(access.event_to, "event:edit")
def create(event: Event) -> ResponseReturnValue:
    """Create a session."""
    form = SessionForm(event, _offered(event))
    return submitted(
        form,
        lambda: idempotency.create_once(
            AgendaSession, actor(), lambda id: sessions.add(event, form.plan(), by=actor(), id=id)
        ),
        again=lambda refused, event: _form(event, form, status=refused.status),
        to=url_for(".index", slug=event.slug),
        flash=_("Session added to the agenda."),
    )


@bp.get("/<uuid:session_id>")
@opens(access.event_to, "event:edit", sessions.with_id)
def edit(event: Event, session: AgendaSession) -> ResponseReturnValue:
    """Show the form of one session, and who is in it."""
    return _form(event, SessionForm(event, _offered(event), session), session)


@bp.post("/<uuid:session_id>")
@opens(access.event_to, "event:edit", sessions.with_id)
def update(event: Event, session: AgendaSession) -> ResponseReturnValue:
    """Change the session; those who chose it are notified of another time or room."""
    form = SessionForm(event, _offered(event))
    return submitted(
        form,
        lambda: sessions.change(event, session, form.plan(), by=actor(), version=form.seen_version),
        again=lambda refused, event, session: _form(event, form, session, refused.status),
        to=url_for(".index", slug=event.slug),
        flash=_("Saved."),
    )


@bp.get("/<uuid:session_id>/move")
@opens(access.event_to, "event:edit", sessions.with_id)
def ask_where(event: Event, session: AgendaSession) -> ResponseReturnValue:
    """Show the form for another time and room."""
    return _move(event, session, SessionMoveForm(rooms.rooms_of(event), session))


@bp.post("/<uuid:session_id>/move")
@opens(access.event_to, "event:edit", sessions.with_id)
def move(event: Event, session: AgendaSession) -> ResponseReturnValue:
    """Move the session; its length stays."""
    form = SessionMoveForm(rooms.rooms_of(event), session)
    return submitted(
        form,
        lambda: sessions.move(event, session, by=actor(), **form.values()),
        again=page_with(_move, form),
        to=url_for(".index", slug=event.slug),
        flash=_("Moved."),
    )


@bp.get("/<uuid:session_id>/cancellation")
@opens(access.event_to, "event:edit", sessions.with_id)
def ask_cancel(event: Event, session: AgendaSession) -> ResponseReturnValue:
    """Ask for the reason, and say who is notified."""
    return _cancellation(event, session, SessionCancellationForm())


@bp.post("/<uuid:session_id>/cancellation")
@opens(access.event_to, "event:edit", sessions.with_id)
def cancel(event: Event, session: AgendaSession) -> ResponseReturnValue:
    """Cancel the session, and notify those who chose it."""
    form = SessionCancellationForm()
    return submitted(
        form,
        lambda: sessions.cancel(event, session, by=actor(), reason=form.reason.data or ""),
        again=page_with(_cancellation, form),
        to=url_for(".index", slug=event.slug),
        flash=_("Session cancelled. It’s still on the agenda, marked as cancelled."),
    )


@bp.post("/<uuid:session_id>/removal")
@opens(access.event_to, "event:edit", sessions.with_id)
def delete(event: Event, session: AgendaSession) -> ResponseReturnValue:
    """Delete the session, unless people chose it."""
    return _pressed(
        event, lambda: sessions.remove(event, session, by=actor()), _("Session removed.")
    )


@bp.post("/publication")
@opens(access.event_to, "event:edit")
def publish(event: Event) -> ResponseReturnValue:
    """Publish the agenda to everyone who sees the event."""
    return _pressed(
        event,
        lambda: sessions.show(event, by=actor()),
        _("Agenda published. Anyone who can see the event can see it."),
    )


@bp.post("/publication/removal")
@opens(access.event_to, "event:edit")
def unpublish(event: Event) -> ResponseReturnValue:
    """Hide the agenda from everyone but hosts."""
    return _pressed(
        event,
        lambda: sessions.hide(event, by=actor()),
        _("Agenda unpublished. Only hosts can see it."),
    )


def _pressed(event: Event, action: Callable[[], None], words: str) -> ResponseReturnValue:
    """Run a button's action and return to the list, with the error if it's refused."""
    return submitted(
        None,
        action,
        again=lambda refused, event, *_session: _list(event, refused.message, refused.status),
        to=url_for(".index", slug=event.slug),
        flash=words,
    )


def _offered(event: Event) -> Offered:
    return Offered(rooms.rooms_of(event), tracks.tracks_of(event), speaking.speakers_of(event))


def _list(event: Event, refused: str = "", status: int = 200) -> ResponseReturnValue:
    shown: dict[str, Any] = {
        "event": event,
        "sessions": reads.sessions_of(event),
        "refused": refused,
    }
    return render_page(
        "agenda/manage/agenda.html", status=status, seats_chip=session_view.seats_chip, **shown
    )


def _form(
    event: Event, form: SessionForm, session: AgendaSession | None = None, status: int = 200
) -> ResponseReturnValue:
    shown: dict[str, Any] = {"event": event, "form": form, "session": session}
    shown["booked"] = reads.participants(session) if session is not None else []
    return render_page(
        "agenda/manage/session.html", status=status, own_chip=session_view.own_chip, **shown
    )


def _move(
    event: Event, session: AgendaSession, form: SessionMoveForm, status: int = 200
) -> ResponseReturnValue:
    return render_page(
        "agenda/manage/session_move.html", status=status, event=event, session=session, form=form
    )


def _cancellation(
    event: Event, session: AgendaSession, form: SessionCancellationForm, status: int = 200
) -> ResponseReturnValue:
    booked = sessions.booked_count(session)
    shown: dict[str, Any] = {"event": event, "session": session, "form": form, "booked": booked}
    return render_page("agenda/manage/session_cancellation.html", status=status, **shown)
