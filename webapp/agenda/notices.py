"""Notifications about sessions, and the live signal for open pages of an agenda."""

from collections.abc import Sequence
from typing import Any

from ..core import live
from ..events.models import Event
from ..events.notices import Who, about_event, notify_all
from .models import AgendaSession, Booking


def notify_booking(row: Booking, kind: str, words: dict[str, Any]) -> None:
    """Notify the booking's owner as the event would: “session.promoted” for “rsvp.promoted”."""
    words = {**words, "state": row.state}
    notify_of_session(row.session, [row.who], kind.replace("rsvp.", "session."), words)


def agenda_changed(event: Event) -> None:
    """Signal open pages of the event's agenda to reload it."""
    live.signal(f"event:{event.id}:agenda")


def notify_of_session(
    session: AgendaSession, people: Sequence[Who], kind: str, words: dict[str, Any]
) -> None:
    """Notify people about a session of theirs, or their place in it. Guests get an email."""
    ids: Any = {
        **about_event(session.event),
        "session": session.id,
        "what": kind,
        "state": words.pop("state", ""),
    }
    named = {"session": session.title, "event": session.event.title, **words}
    notify_all(people, kind, session.path, named, subject_id=session.id, **ids)


def session_changed(
    session: AgendaSession | None, people: Sequence[Who], before: dict[str, Any] | None
) -> None:
    """Notify people that the session's time or room differ from `before`; if that is None, that
    it's cancelled.
    """
    if session is None:
        return
    if before is None:
        notify_of_session(
            session, people, "session.cancelled", {"reason": session.cancelled_reason}
        )
        return
    words = {
        "starts": session.starts_at.isoformat(),
        "zone": session.zone,
        "room": session.room.name if session.room else "",
    }
    notify_of_session(session, people, "session.changed", words)
