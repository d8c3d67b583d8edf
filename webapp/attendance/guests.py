"""Answering without an account: a link is asked for and emailed; by it someone answers, and
takes back what we know of them; and an account takes over what its person answered as a guest.
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.dialects import postgresql, sqlite

from ..accounts import reads as account_reads
from ..accounts.models import User
from ..core import hooks
from ..core.db import session
from ..core.db.session import POPULATE_EXISTING, locked, new_id
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
    """What someone without an account said of themselves."""

    name: str
    email: str
    zone: str = "UTC"
    locale: str = "en"


def ask(event: Event, newcomer: NewGuest) -> None:
    """The address gets an email: with the link to a page where its answer is given; or, where an
    account has it, saying so.

    There is no answer before that, and no seat is held. Anyone who has asked before gets a new
    link, and the one before is dead; the name of those who have answered stays. Nobody learns here
    whether the address is known: the same is done for all, and which email it is `choose_email`
    finds out. Raises UserError where guests cannot answer now.
    """
    event = locked(Event, event.id)
    _refuse_closed(event)
    _note(event, newcomer)
    _post(event, newcomer.email)


def _note(event: Event, newcomer: NewGuest) -> None:
    """The event's guest with this address is called so, unless they have answered: one
    statement, no matter who is known.
    """
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    said: dict[str, Any] = {"name": newcomer.name, "search_text": Guest.searched_by(newcomer.name)}
    said |= {"zone": newcomer.zone, "locale": newcomer.locale, "created_at": clock.now()}
    noted = dialect.insert(Guest).values(
        id=new_id(), event_id=event.id, email=newcomer.email, nonce=session.nonce(), **said
    )
    stays = Guest.confirmed_at.is_not(None)
    kept = {
        name: sa.case((stays, getattr(Guest, name)), else_=noted.excluded[name]) for name in said
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
    """A guest with this address gets a new link, and the one before is dead; also when answers are
    closed.

    Nobody learns whether there is one.
    """
    _post(event, email)


def choose_email(event: Event, email: str) -> Guest | User | None:
    """Who is written to at this address: its guest, by a new link; else its account, which is
    told to answer by that.
    """
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
    """The event's guest with this address, as it is in the database now."""
    query = sa.select(Guest).where(Guest.event_id == event.id, Guest.email == email)
    return db.session.scalar(query, execution_options=POPULATE_EXISTING)


def answer(guest: Guest, **given: Any) -> Rsvp:
    """The guest has answered, by the same rules as everyone; with the first answer the address
    is known to be theirs.
    """
    row = rsvps.answer(guest.event, by=guest, **given)
    guest.confirmed_at = guest.confirmed_at or clock.now()
    return row


def forget(guest: Guest) -> None:
    """Name, address and emails are gone, and the link is dead. Seats at an event to come are free;
    at one that took place they still count, without a name."""
    event = locked(Event, guest.event_id)
    row = rsvps.of(event, guest)
    if row is not None and not event.is_finished:
        held = row.holds_seats
        waitlist.release(event, row, NOT_GOING)
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
    notices.changed(event)


def unsubscribe(guest: Guest) -> None:
    """No reminder and nothing that hosts write goes to the guest any more."""
    guest.unsubscribed_at = guest.unsubscribed_at or clock.now()


#: Which of two answers of one person stays: the first of these.
BETTER = (GOING, OFFERED, WAITING, ASKED, MAYBE, NOT_GOING)


def take_over(user: User) -> None:
    """What was answered with the address of `user` as a guest is theirs, under each event's lock,
    and those links are dead.

    Where they had answered with the account, too, the better answer stays: seats before an offer,
    before a place in the queue, before a maybe; of two alike the larger party with seats, the
    earlier place. The other one's seats go to those who wait. Anyone who is banned from the event's
    group comes to none. Where the site lets people in one by one it waits for that.
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
        waitlist.release(event, row, NOT_GOING)
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
            waitlist.release(event, row, NOT_GOING)
    hooks.guest_claimed(event=event, guest=guest, user=user)
    db.session.flush()
    db.session.delete(guest)
    db.session.flush()
    waitlist.seats_came_free(event)
    notices.changed(event)


def _worth(row: Rsvp) -> tuple[int, bool, int]:
    """Smaller is better; of two with seats that with which someone was let in."""
    return (
        BETTER.index(row.state) if row.state in BETTER else len(BETTER),
        row.attendance is None,
        row.position or -row.party,
    )
