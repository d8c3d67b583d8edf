"""What people are told of sessions, and the signal by which open pages of an agenda look again."""

from collections.abc import Sequence
from typing import Any

from ..core import live
from ..events.models import Event
from ..events.notices import Who, about_event, notify_all
from .models import AgendaSession, Booking


def notify_booking(session: AgendaSession, row: Booking, kind: str, words: dict[str, Any]) -> None:
    """Whose seats they are knows it, as of the event: “session.promoted” for “rsvp.promoted”."""
    notify_of_session(
        session, [row.who], kind.replace("rsvp.", "session."), {**words, "state": row.state}
    )


def agenda_changed(event: Event) -> None:
    """Open pages of the event's agenda ask again what is on it."""
    live.signal(f"event:{event.id}:agenda")


def notify_of_session(
    session: AgendaSession, people: Sequence[Who], kind: str, words: dict[str, Any]
) -> None:
    """Each of the people knows what happened to a session of theirs, or to their place in it;
    guests by email, like all.
    """
    ids: Any = {
        **about_event(session.event),
        "session": session.id,
        "what": kind,
        "state": words.pop("state", ""),
    }
    named = {"session": session.title, "event": session.event.title, **words}
    notify_all(people, kind, session.path, named, **ids)


def session_changed(
    session: AgendaSession | None, people: Sequence[Who], before: dict[str, Any] | None
) -> None:
    """Who has a seat in it, or waits, knows that it is at another time or place than `before`,
    or cancelled if that is None.
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
