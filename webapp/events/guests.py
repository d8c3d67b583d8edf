"""Answering without an account: a link is asked for and mailed; by it somebody answers, and takes back what we know of them."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from ..accounts import reads as account_reads
from ..core import clock
from ..core.database import FRESH, locked
from ..core.errors import RuleBroken
from ..core.extensions import db
from ..mail import outbox, parting
from . import access, feedback, notices, queue, rsvps
from .agenda import bookings
from .models import NOT_GOING, Event, Guest, Rsvp


@dataclass(frozen=True)
class Newcomer:
    """What somebody without an account said of themselves."""

    name: str
    email: str
    zone: str = "UTC"
    locale: str = "en"


def ask(event: Event, newcomer: Newcomer) -> None:
    """The address gets a letter: with the link to a page where its answer is given; or, where an account has it, saying so.

    There is no answer before that, and no seat is held. Whoever has asked before gets a new link, and the one before is dead;
    the name of those who have answered stays. Nobody learns here whether the address is known. Raises RuleBroken where guests
    cannot answer now.
    """
    event = locked(Event, event.id)
    _refuse_closed(event)
    guest = of(event, newcomer.email)
    if guest is None:
        if _hint_at_account(event, newcomer.email):
            return
        guest = Guest(event_id=event.id, email=newcomer.email)
        db.session.add(guest)
    if guest.confirmed_at is None:
        guest.created_at = clock.now()
        guest.name, guest.zone, guest.locale = newcomer.name, newcomer.zone, newcomer.locale
    _send(guest)


def _refuse_closed(event: Event) -> None:
    closed = rsvps.closed_because(event)
    if closed:
        raise RuleBroken(closed)
    if not access.takes_guests(event):
        raise RuleBroken(_("The hosts take answers only from people with an account."))


def send_link(event: Event, email: str) -> None:
    """A guest with this address gets a new link, and the one before is dead; also when answers are closed.

    Nobody learns whether there is one.
    """
    event = locked(Event, event.id)
    guest = of(event, email)
    if guest is not None:
        _send(guest)
    else:
        _hint_at_account(event, email)


def of(event: Event, email: str) -> Guest | None:
    """The event's guest with this address, as it stands in the database now."""
    wanted = sa.select(Guest).where(Guest.event_id == event.id, Guest.email == email)
    return db.session.scalar(wanted, execution_options=FRESH)


def _send(guest: Guest) -> None:
    guest.renew_nonce()
    db.session.flush()
    outbox.post("events/guest_link", to=guest.email, locale=guest.locale, guest=guest.id)


def _hint_at_account(event: Event, email: str) -> bool:
    """Whether an account has the address: then it is told to answer by that."""
    user = account_reads.answering_for(email)
    if user is None:
        return False
    outbox.post("events/guest_known", to=user.email, locale=user.locale, user=user.id, event=event.id)
    return True


def answer(guest: Guest, **given: Any) -> Rsvp:
    """The guest has answered, by the same rules as everybody; with the first answer the address is known to be theirs."""
    row = rsvps.answer(guest.event, by=guest, **given)
    guest.confirmed_at = guest.confirmed_at or clock.now()
    return row


def forget(guest: Guest) -> None:
    """Name, address and letters are gone, and the link is dead. Seats at an event to come are free; at one that took place they
    still count, without a name."""
    event = locked(Event, guest.event_id)
    row = rsvps.of(event, guest)
    if row is not None and not event.is_finished:
        held = row.holds_seats
        queue.release(event, row, NOT_GOING)
        db.session.delete(row)
        db.session.flush()
        if held:
            queue.seats_came_free(event)
    elif row is not None:
        row.answers, row.refusal = [], ""
    feedback.forget(event, guest)
    parting.forget("guest", guest.id)
    bookings.forget(guest)
    db.session.delete(guest)
    db.session.flush()
    notices.changed(event)


def silence(guest: Guest) -> None:
    """No reminder and nothing that hosts write goes to the guest any more."""
    guest.silent_since = guest.silent_since or clock.now()
