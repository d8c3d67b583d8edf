"""Answers to an event.

Every verb takes the event's lock, so that what it counts is still so when it writes.
"""

from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm.attributes import set_committed_value

from ..accounts import reads as account_reads
from ..accounts.models import User
from ..core import i18n
from ..core.db.session import POPULATE_EXISTING, locked, one_or_404
from ..core.extensions import db
from ..core.http.errors import Conflict, UserError
from ..core.time import clock
from ..events import access, notices
from ..events.models import (
    ASKED,
    GOING,
    MAYBE,
    NOT_GOING,
    OFFERED,
    REFUSED,
    WAITING,
    Event,
    Guest,
    Rsvp,
)
from ..groups.access import forget_roles
from ..groups.models import Group
from . import waitlist
from .registration.answers import Details, save
from .seats import offer_of, refuse_too_many, take_seats


def of(event: Event, user: Any) -> Rsvp | None:
    """The answer that `user`, or a guest, gave, as it is in the database now."""
    given = {"event": event.id, "who": user.id}
    mine = _answer_of(isinstance(user, Guest))
    return db.session.scalar(mine, given, execution_options=POPULATE_EXISTING)


@cache
def _answer_of(a_guest: bool) -> sa.Select[Rsvp]:
    who = (Rsvp.guest_id if a_guest else Rsvp.user_id) == sa.bindparam("who", type_=sa.Uuid)
    return sa.select(Rsvp).where(Rsvp.event_id == sa.bindparam("event", type_=sa.Uuid), who)


def with_id(event: Event, row_id: UUID) -> Rsvp:
    """The answer with this id, to this event and no other, as it is in the database now.

    Raises NotFound.
    """
    query = sa.select(Rsvp).where(Rsvp.id == row_id, Rsvp.event_id == event.id)
    return one_or_404(query, fresh=True)


def answer(
    event: Event,
    by: User | Guest,
    state: str = GOING,
    party: int = 1,
    anonymous: bool = False,
    split: bool = False,
    details: Details | None = None,
) -> Rsvp:
    """`by` is going with their companions, or is in the queue when they do not all fit, or may
    come, or does not.

    Where hosts approve, anyone who wants to come has asked them. `split`: those who fit come, the
    rest waits. Raises UserError when answers are closed, the party is too large, or something that
    the hosts ask for is missing or full.
    """
    if state not in (GOING, MAYBE, NOT_GOING):
        raise UserError(_("Choose an answer."), "answer")
    event = _open(event, by)
    row = of(event, by) or new_answer(event, by)
    end_offer(event, row, state)
    if row.state == REFUSED:
        raise Conflict(_("The hosts declined your request. Message them if something has changed."))
    before = summary_of(row)
    row.is_anonymous = anonymous
    asks = (
        event.requires_approval
        and row.state not in (GOING, WAITING, OFFERED)
        and not access.is_host(by, event)
    )
    set_answer(event, row, ASKED if asks and state == GOING else state, party, split, details)
    if summary_of(row) != before:
        _put_in_writing(event, row, is_wish=row.state == ASKED and before[0] != ASKED)
    notices.changed(event)
    return row


def _put_in_writing(event: Event, row: Rsvp, is_wish: bool) -> None:
    """The person has their answer by email, and where they wish to come the hosts know it."""
    row.answered_at, row.by_host = clock.now(), False
    notices.answered(event, row)
    if is_wish:
        notices.request_arrived(event, row)


def summary_of(row: Rsvp) -> tuple[str | None, int, int]:
    """What an answer comes down to: when it changes, the person has it in writing."""
    return row.state, row.party, row.seats_waiting


def end_offer(event: Event, row: Rsvp, state: str) -> None:
    """An offer whose time is over is over for who says now that they come, also where the clock
    has not said so yet.
    """
    if row.state == OFFERED and state == GOING:
        waitlist.expire(event)


def set_answer(
    event: Event,
    row: Rsvp,
    state: str,
    party: int = 1,
    split: bool = False,
    details: Details | None = None,
    by_host: bool = False,
) -> None:
    """The answer, of an event that the caller holds, is `state`; seats, places and the queue
    follow.
    """
    if state not in (GOING, ASKED):
        _do_not_come(event, row, state)
        return
    was_in = row.holds_seats or row.is_queued
    has_other_picks = save(event, row, details, party, by_host)
    if state == ASKED:
        refuse_too_many(event, row, party)
        row.state, row.party = ASKED, party
        db.session.add(row)
    else:
        take_seats(event, row, party, split)
    if has_other_picks and was_in:
        waitlist.seats_came_free(event, here=row)


def new_answer(event: Event, who: User | Guest) -> Rsvp:
    """An answer that says nothing yet, and is in no session."""
    whose = (
        {"guest_id": who.id, "guest": who}
        if isinstance(who, Guest)
        else {"user_id": who.id, "user": who}
    )
    return Rsvp(event_id=event.id, party=1, seats_waiting=0, answers=[], **whose)


def withdraw(event: Event, by: User | Guest) -> Rsvp:
    """`by` does not come: their seats go to those who wait; pressed twice, once.

    Raises UserError without an answer.
    """
    event = _open(event, by)
    row = of(event, by)
    if row is not None and row.state == NOT_GOING:
        return row
    if row is None or row.state == REFUSED:
        raise Conflict(_("You don’t have a seat and you’re not on the waiting list."))
    return answer(event, by, NOT_GOING, anonymous=row.is_anonymous)


def accept_offer(event: Event, by: User | Guest) -> Rsvp:
    """`by` is going, with the seats that were held for them; pressed twice, once.

    Raises Conflict when none are held any more.
    """
    event = _open(event, by)
    row = _offered(event, by, GOING)
    if row.state == GOING:
        return row
    waitlist.seat(event, row, "accepted")
    row.answered_at = clock.now()
    notices.answered(event, row)
    notices.changed(event)
    return row


def decline_offer(event: Event, by: User | Guest) -> Rsvp:
    """The seats held for `by` go to the next, and `by` waits behind all others; pressed twice,
    once. Raises Conflict when none are held."""
    event = _open(event, by)
    row = _offered(event, by, WAITING)
    if row.declined_offer:
        return row
    waitlist.decline_offer(event, row, "declined")
    waitlist.promote(event)
    notices.changed(event)
    return row


def _offered(event: Event, by: User | Guest, done: str) -> Rsvp:
    return offer_of(of(event, by), done)


def _do_not_come(event: Event, row: Rsvp, state: str) -> None:
    held = row.holds_seats
    waitlist.release(event, row, state)
    db.session.add(row)
    if held:
        waitlist.seats_came_free(event)


def _open(event: Event, by: User | Guest) -> Event:
    """The event under its lock.

    Raises UserError when answers are not open, or `by` may not answer (yet).
    """
    event = locked(Event, event.id)
    closed = closed_because(event)
    if closed:
        raise UserError(closed)
    _refuse_outsider(event, by)
    if isinstance(by, Guest):
        _refuse_known(by)
    if not by.is_verified:
        raise UserError(
            _("Confirm your email address first. We’ll use it to tell you when a seat is free.")
        )
    return event


def _refuse_outsider(event: Event, by: User | Guest) -> None:
    """Returns for those whom the event is open to; a group may have closed, or banned them,
    since they opened the page.
    """
    if event.group_id is not None:
        group = db.session.get(Group, event.group_id, populate_existing=True)
        set_committed_value(event, "group", group)
        forget_roles()
    if not (access.may_see(by, event) and access.can_answer(by, event)):
        raise Conflict(_("This event isn’t open to you."))


def _refuse_known(guest: Guest) -> None:
    """Returns for a guest who still is one: meanwhile they may have been forgotten, or have an
    account.
    """
    if db.session.get(Guest, guest.id, populate_existing=True) is None:
        raise Conflict(_("This link no longer works."))
    if account_reads.owner_of_email(guest.email) is not None:
        raise Conflict(_("Your email address now has an account. Sign in to answer."))


def closed_because(event: Event, to_hosts: bool = False) -> str | None:
    """Why nobody can answer now, in a sentence; None while answers are open.

    The deadline does not bind hosts.
    """
    if event.is_cancelled:
        return _("This event was cancelled.")
    if not event.is_published or event.deleted_at is not None:
        return _("This event isn’t published.")
    if event.hidden_at is not None:
        return _("This event is hidden, so no one can answer now.")
    if event.is_finished:
        return _("This event has ended.")
    if event.locked_at is not None:
        return _("This event is locked and can’t be changed.")
    if event.deadline <= clock.now() and not to_hosts:
        until = i18n.moment(event.deadline, event.zone)
        return _(
            "Answers closed on %(moment)s. If your plans change, tell the hosts.", moment=until
        )
    return None
