"""A guest's data export."""

from typing import Any

import sqlalchemy as sa

from ...core import hooks
from ...core.exports import plain
from ...core.extensions import db
from ...events.access import may_see
from ...events.models import Guest, Rsvp, WaitlistStep
from ...mail.models import OutgoingEmail
from .. import feedback
from ..models import Attendance, HostMessage

_OF_A_GUEST = (
    "name",
    "email",
    "zone",
    "locale",
    "created_at",
    "confirmed_at",
    "unsubscribed_at",
)
_OF_AN_ANSWER = (
    "state",
    "party",
    "is_anonymous",
    "answers",
    "decline_message",
    "answered_at",
    "offered_until",
    "declined_offer",
)


def data_of(guest: Guest) -> dict[str, Any]:
    """Return all data about the guest: their details, answers, waiting and emails."""
    event = guest.event
    data: dict[str, Any] = {
        "guest": _columns(guest, *_OF_A_GUEST),
        "event": _event_of(guest),
        "answer": [
            _columns(row, *_OF_AN_ANSWER)
            for row in db.session.scalars(sa.select(Rsvp).where(Rsvp.guest_id == guest.id))
        ],
        "attendance": [
            _columns(row, "arrived", "inside", "first_at", "last_at")
            for row in db.session.scalars(
                sa.select(Attendance).join(Attendance.rsvp).where(Rsvp.guest_id == guest.id)
            )
        ],
        "feedback": [
            _columns(given, "stars", "comment")
            for given in [feedback.of(event, guest)]
            if given is not None
        ],
        "waiting-list": [
            _columns(step, "step", "party", "created_at")
            for step in db.session.scalars(_waitlist_steps(guest))
        ],
        "messages-to-hosts": [
            _columns(message, "body", "created_at")
            for message in db.session.scalars(
                sa.select(HostMessage).where(HostMessage.guest_id == guest.id)
            )
        ],
        "mails": [
            _columns(email, "template", "address", "created_at", "state", "ended_at")
            for email in db.session.scalars(_emails(guest))
        ],
    }
    hooks.guest_exported(guest=guest, data=data)
    return data


def _event_of(guest: Guest) -> dict[str, Any]:
    """Guests who may no longer see the event get only its title: its current time and place aren't
    theirs.
    """
    more = ("starts_at", "ends_at", "zone", "venue") if may_see(guest, guest.event) else ()
    return _columns(guest.event, "title", *more)


def _waitlist_steps(guest: Guest) -> sa.Select[WaitlistStep]:
    return (
        sa.select(WaitlistStep)
        .where(WaitlistStep.guest_id == guest.id)
        .order_by(WaitlistStep.number)
    )


def _emails(guest: Guest) -> sa.Select[OutgoingEmail]:
    about = OutgoingEmail.ids["guest"].as_string() == str(guest.id)
    return (
        sa.select(OutgoingEmail)
        .where(OutgoingEmail.address == guest.email, about)
        .order_by(OutgoingEmail.created_at, OutgoingEmail.id)
    )


def _columns(row: Any, *names: str) -> dict[str, Any]:
    return {name: plain(getattr(row, name)) for name in names}
