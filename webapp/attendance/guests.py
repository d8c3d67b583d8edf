"""Answers without an account: request a link by email, answer with it, and delete one's data.

An account takes over what its owner answered as a guest.
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.dialects import postgresql, sqlite

from ..accounts import reads as account_reads
from ..accounts.models import User
from ..core import hooks
from ..core.db import base
from ..core.db.base import new_id
from ..core.db.session import POPULATE_EXISTING, locked
from ..core.extensions import db
from ..core.http.errors import UserError
from ..core.time import clock
from ..events import access, notices
from ..events.models import (
    ASKED,
    GOING,
    MAYBE,
    NOT_GOING,
    OFFERED,
    WAITING,
    Event,
    Guest,
    Rsvp,
    WaitlistStep,
)
from ..events.planning import locked_in_order
from ..mail import outbox, personal_data
from ..mail.models import OutgoingEmail
from . import feedback, rsvps, waitlist
from .models import HostMessage


@dataclass(frozen=True)
class NewGuest:
    """What a guest entered about themselves."""

    name: str
    email: str
    zone: str = "UTC"
    locale: str = "en"


def ask(event: Event, newcomer: NewGuest) -> None:
    """Email the address a link to a page for answering, or to an account the advice to sign in.

    No answer exists before that, and no seat is held. Asking again sends a new link and invalidates
    the old one; the name of a guest who has answered stays. The same happens for every address, so
    nobody learns whether it is known: `choose_email` picks the email later. Raises UserError if
    guests can't answer now.
    """
    event = locked(Event, event.id)
    _refuse_closed(event)
    _note(event, newcomer)
    _post(event, newcomer.email)


def _note(event: Event, newcomer: NewGuest) -> None:
    """Create or rename the guest with this address, but don't rename one who has answered.

    One statement, whether or not the address is known.
    """
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    values: dict[str, Any] = {
        "name": newcomer.name,
        "search_text": Guest.searched_by(newcomer.name),
    }
    values |= {"zone": newcomer.zone, "locale": newcomer.locale, "created_at": clock.now()}
    noted = dialect.insert(Guest).values(
        id=new_id(), event_id=event.id, email=newcomer.email, nonce=base.nonce(), **values
    )
    stays = Guest.confirmed_at.is_not(None)
    kept = {
        name: sa.case((stays, getattr(Guest, name)), else_=noted.excluded[name]) for name in values
    }
    db.session.execute(noted.on_conflict_do_update(index_elements=["event_id", "email"], set_=kept))


def _post(event: Event, email: str) -> None:
    outbox.enqueue_email("events/guest_asked", to=email, event=event.id)


def _refuse_closed(event: Event) -> None:
    closed = rsvps.closed_because(event)
    if closed:
        raise UserError(closed)
    if not access.allows_guests(event):
        raise UserError(_("You need an account to answer this event."))


def send_link(event: Event, email: str) -> None:
    """Email a guest with this address a new link and invalidate the old one, even if answers are
    closed.

    Nobody learns whether there is such a guest.
    """
    _post(event, email)


def choose_email(event: Event, email: str) -> Guest | User | None:
    """Return whom to email at this address: its guest, with a new link, or else its account."""
    event = locked(Event, event.id)
    guest, user = of(event, email), account_reads.owner_of_email(email)
    if guest is not None and guest.confirmed_at is None and user is not None:
        db.session.delete(guest)
        guest = None
    if guest is not None:
        guest.renew_nonce()
        db.session.flush()
    return guest or user


def of(event: Event, email: str) -> Guest | None:
    """Return the event's guest with this address, reloaded from the database."""
    query = sa.select(Guest).where(Guest.event_id == event.id, Guest.email == email)
    return db.session.scalar(query, execution_options=POPULATE_EXISTING)


def answer(guest: Guest, **given: Any) -> Rsvp:
    """Save the guest's answer, by the same rules as for everyone. The first one confirms their
    address.
    """
    row = rsvps.answer(guest.event, by=guest, **given)
    guest.confirmed_at = guest.confirmed_at or clock.now()
    return row


def forget(guest: Guest) -> None:
    """Delete the guest, their emails and their link.

    Seats at a future event become free; at a past event they still count, without a name.
    """
    event = locked(Event, guest.event_id)
    row = rsvps.of(event, guest)
    if row is not None and not event.is_finished:
        held = row.holds_seats
        waitlist.release(row, NOT_GOING)
        db.session.delete(row)
        db.session.flush()
        if held:
            waitlist.seats_came_free(event)
    elif row is not None:
        row.answers, row.decline_message = [], ""
    feedback.forget(event, guest)
    personal_data.forget("guest", guest.id)
    personal_data.forget("event", event.id, OutgoingEmail.address == guest.email)
    hooks.guest_forgotten(guest=guest)
    db.session.delete(guest)
    db.session.flush()
    notices.signal_answers(event)


def unsubscribe(guest: Guest) -> None:
    """Stop reminders and hosts' messages to the guest."""
    guest.unsubscribed_at = guest.unsubscribed_at or clock.now()


#: Which of two answers of one person is kept: the first in this order.
BETTER = (GOING, OFFERED, WAITING, ASKED, MAYBE, NOT_GOING)


def take_over(user: User) -> None:
    """Give `user` the answers made with their address as a guest, under each event's lock.

    Their guest links become invalid. If they also answered with the account, the better answer is
    kept: seats before an offer, before the waiting list, before Maybe; of two alike the larger
    party with seats, or the earlier place. The seats of the other go to the waiting list. Someone
    banned from the event's group gets none. If the site approves accounts, it waits for the
    approval.
    """
    if account_reads.owner_of_email(user.email) is None:
        return
    mine = Guest.email == user.email
    for event in locked_in_order(Event.id.in_(sa.select(Guest.event_id).where(mine))):
        query = sa.select(Guest).where(mine, Guest.event_id == event.id)
        guest = db.session.scalar(query, execution_options=POPULATE_EXISTING)
        if guest is not None:
            _take_over(event, guest, user)


def _take_over(event: Event, guest: Guest, user: User) -> None:
    rows = sorted(
        (row for row in (rsvps.of(event, user), rsvps.of(event, guest)) if row is not None),
        key=_worth,
    )
    for row in rows[1:]:
        waitlist.release(row, NOT_GOING)
        db.session.delete(row)
    for model in (WaitlistStep, HostMessage):
        theirs = (
            sa.update(model)
            .where(model.guest_id == guest.id)
            .values(guest_id=None, user_id=user.id)
        )
        db.session.execute(theirs, execution_options={"synchronize_session": False})
    db.session.flush()
    feedback.take_over(event, guest, user)
    for row in rows[:1]:
        row.guest, row.user = None, user
        if access.is_banned(user, event):
            waitlist.release(row, NOT_GOING)
    hooks.guest_claimed(event=event, guest=guest, user=user)
    db.session.flush()
    db.session.delete(guest)
    db.session.flush()
    waitlist.seats_came_free(event)
    notices.signal_answers(event)


def _worth(row: Rsvp) -> tuple[int, bool, int]:
    """Sort key; smaller is better. Of two answers with seats, the one already checked in wins."""
    return (
        BETTER.index(row.state) if row.state in BETTER else len(BETTER),
        row.attendance is None,
        row.position or -row.party,
    )
