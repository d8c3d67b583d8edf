"""Notification types and emails about sessions: free seats, a new time or room, a cancellation."""

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _, lazy_gettext as _l, ngettext

from ..attendance.emails.answers import page_of, reader_of
from ..core import i18n
from ..core.extensions import db
from ..core.time import clock, time_zones
from ..events import access, date_format, open_requests
from ..events.models import GOING, OFFERED, SEATED_OR_WAITING, WAITING, Event
from ..mail.emails import EmailContext
from ..notifications.notification_types import EVENTS, email_of, notification
from . import bookings
from .models import AgendaSession, Booking


def _held(reader: Any, ids: Collection[UUID]) -> sa.Select[Any]:
    """Sessions in which seats are held for the reader."""
    it = Booking
    held = (it.user_id == reader.id, it.state == OFFERED, it.offered_until > clock.now())
    return _coming(reader, ids).join(it, it.session_id == AgendaSession.id).where(*held)


def _coming(reader: Any, ids: Collection[UUID]) -> sa.Select[Any]:
    """Sessions that take place and aren't over."""
    it = AgendaSession
    sessions = open_requests.shown(reader, it.id).join(it, it.event_id == Event.id)
    return sessions.where(it.id.in_(ids), it.cancelled_at.is_(None), Event.ends_at > clock.now())


@notification(
    "session.promoted",
    EVENTS,
    _l("You got seats in a session from the waiting list"),
    _l("You have a seat"),
)
def _session_promoted(session: str, event: str, party: int) -> str:
    return ngettext(
        "A seat opened up: you’re going to “%(session)s” at “%(title)s”",
        "%(num)s seats opened up: you’re all going to “%(session)s” at “%(title)s”",
        party,
        session=session,
        title=event,
    )


@notification(
    "session.offered",
    EVENTS,
    _l("We’re holding seats for you in a session"),
    _l("A seat is free for you"),
    holds=_held,
)
def _session_offered(session: str, event: str, party: int, until: str, zone: str) -> str:
    return ngettext(
        "We’re holding a seat for you in “%(session)s” at “%(title)s”. Accept by %(until)s",
        "We’re holding %(num)s seats for you in “%(session)s” at “%(title)s”. Accept by %(until)s",
        party,
        session=session,
        title=event,
        until=i18n.moment(datetime.fromisoformat(until), zone),
    )


@notification(
    "session.expired",
    EVENTS,
    _l("Seats held for you in a session expire"),
    _l("Seat offer expired"),
)
def _session_expired(session: str, event: str, party: int = 1) -> str:
    return ngettext(
        "We’re no longer holding a seat for you in “%(session)s” at “%(title)s”. You’re still "
        "on the waiting list",
        "We’re no longer holding %(num)s seats for you in “%(session)s” at “%(title)s”. You’re "
        "still on the waiting list",
        party,
        session=session,
        title=event,
    )


@notification(
    "session.changed",
    EVENTS,
    _l("A session on your agenda has a new time or room"),
    _l("New time or room"),
    holds=_coming,
)
def _session_changed(session: str, event: str, starts: str, zone: str, room: str = "") -> str:
    words = {
        "session": session,
        "title": event,
        "when": i18n.moment(datetime.fromisoformat(starts), zone),
    }
    if room:
        return _(
            "“%(session)s” at “%(title)s” has a new time or room: %(when)s, %(room)s",
            room=room,
            **words,
        )
    return _("“%(session)s” at “%(title)s” has a new time or room: %(when)s", **words)


@notification(
    "session.cancelled", EVENTS, _l("A session on your agenda was cancelled"), _l("Cancelled")
)
def _session_cancelled(session: str, event: str, reason: str) -> str:
    words = {"session": session, "title": event, "reason": reason or _("no reason given")}
    return _("“%(session)s” at “%(title)s” was cancelled: %(reason)s", **words)


#: The state a booking must still have for the email to be sent; other emails depend on the session.
STANDS = {"session.promoted": GOING, "session.offered": OFFERED, "session.expired": WAITING}


@email_of(
    "events/session",
    "session.promoted",
    "session.offered",
    "session.expired",
    "session.changed",
    "session.cancelled",
)
def session(session: str, what: str, state: str = "", **to: str) -> EmailContext | None:
    """What happened to someone's session or to their place in it.
    None, so it isn't sent, if that is no longer the case.
    """
    person, about = reader_of(to), db.session.get(AgendaSession, uuid.UUID(session))
    if person is None or about is None or not access.may_see(person, about.event):
        return None
    booking = bookings.of(about, person)
    if booking is None or not _is_so(about, booking, what):
        return None
    page = page_of(person, about.event)
    named = {"session": about, "event": about.event, "booking": booking, "kind": what}
    named |= {"title": about.title, "where": about.event.title}
    return {
        "user": person,
        **named,
        **page,
        "facts": _facts(about, person.zone),
        "url": f"{page['url']}/agenda/{about.id}",
    }


def _is_so(session: AgendaSession, booking: Booking, what: str) -> bool:
    if what == "session.cancelled":
        return session.cancelled_at is not None
    if session.cancelled_at is not None or not session.event.is_published:
        return False
    if session.event.is_finished:
        return False
    if booking.offered_until is not None and booking.offered_until <= clock.now():
        return False
    return booking.state == STANDS[what] if what in STANDS else booking.state in SEATED_OR_WAITING


def _facts(session: AgendaSession, zone: str) -> list[tuple[str, str]]:
    facts = [(_("When"), f"{date_format.both_ends(session)} ({time_zones.place_of(session.zone)})")]
    if date_format.differs(session, zone):
        facts.append(
            (
                _("Your time"),
                f"{date_format.both_ends(session, zone)} ({time_zones.place_of(zone)})",
            )
        )
    if session.room is not None:
        facts.append((_("Where"), session.room.name))
    return facts


SESSION = ("events/session",)
