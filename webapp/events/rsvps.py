"""Answers to an event. Every verb takes the event's lock, so that what it counts is still so when it writes."""

from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import ngettext

from ..accounts.models import User
from ..core import clock, language
from ..core.database import locked
from ..core.errors import Conflict, RuleBroken
from ..core.extensions import db
from ..groups.access import look_again
from ..groups.models import Group
from . import access, notices, queue
from .models import GOING, MAYBE, NOT_GOING, OFFERED, WAITING, Event, Guest, Rsvp, is_of


def of(event: Event, user: Any) -> Rsvp | None:
    """The answer that `user`, or a guest, gave, as it stands in the database now."""
    mine = sa.select(Rsvp).where(Rsvp.event_id == event.id, is_of(user))
    return db.session.scalar(mine, execution_options=queue.FRESH)


def answer(event: Event, by: User | Guest, state: str = GOING, party: int = 1, anonymous: bool = False) -> Rsvp:
    """`by` is going with their companions, or stands in the queue when they do not all fit, or may come, or does not.

    Raises RuleBroken when answers are closed or the party is too large.
    """
    if state not in (GOING, MAYBE, NOT_GOING):
        raise RuleBroken(_("Choose one of the answers."), "answer")
    event = _open(event, by)
    row = of(event, by) or _new(event, by)
    before = (row.state, row.party)
    row.is_anonymous = anonymous
    if state == GOING:
        _come(event, row, party)
    else:
        _do_not_come(event, row, state)
    if (row.state, row.party) != before:
        row.answered_at = clock.now()
        notices.answered(event, row)
    notices.changed(event)
    return row


def _new(event: Event, by: User | Guest) -> Rsvp:
    if isinstance(by, Guest):
        return Rsvp(event_id=event.id, guest_id=by.id, guest=by, party=1)
    return Rsvp(event_id=event.id, user_id=by.id, user=by, party=1)


def withdraw(event: Event, by: User | Guest) -> Rsvp:
    """`by` does not come: their seats are free and go to those who wait. Raises RuleBroken without an answer."""
    event = _open(event, by)
    row = of(event, by)
    if row is None or row.state == NOT_GOING:
        raise Conflict(_("You have no seat here, and no place in the queue."))
    return answer(event, by, NOT_GOING, anonymous=row.is_anonymous)


def accept_offer(event: Event, by: User | Guest) -> Rsvp:
    """`by` is going, with the seats that were held for them. Raises Conflict when none are held any more."""
    event = _open(event, by)
    row = _offered(event, by)
    queue.seat(event, row, "accepted")
    row.answered_at = clock.now()
    notices.answered(event, row)
    notices.changed(event)
    return row


def decline_offer(event: Event, by: User | Guest) -> Rsvp:
    """The seats held for `by` go to the next, and `by` waits behind all others. Raises Conflict when none are held."""
    event = _open(event, by)
    row = _offered(event, by)
    queue.let_go(event, row, "declined")
    queue.settle(event)
    notices.changed(event)
    return row


def _offered(event: Event, by: User | Guest) -> Rsvp:
    row = of(event, by)
    if row is None or row.state != OFFERED:
        raise Conflict(_("No seats are held for you."))
    if row.offered_until is None or row.offered_until <= clock.now():
        raise Conflict(_("The time to take these seats is over. You are still in the queue, behind the others."))
    return row


def _come(event: Event, row: Rsvp, party: int) -> None:
    _refuse_too_many(event, row, party)
    if row.holds_seats:
        _keep_seats(event, row, party)
    elif row.state == WAITING:
        _wait_on(event, row, party)
    else:
        _arrive(event, row, party)


def _keep_seats(event: Event, row: Rsvp, party: int) -> None:
    """Those who hold seats give some back, or take more where nobody who waits would fit in them."""
    more = party - row.party
    if more > 0:
        queue.settle(event)
        if not queue.has_room(event, more):
            raise RuleBroken(_only_free(event), "party")
    if row.state == OFFERED:
        queue.seat(event, row, "accepted")
    if more:
        queue.resize(event, row, party)
    if more < 0:
        queue.seats_came_free(event)


def _wait_on(event: Event, row: Rsvp, party: int) -> None:
    """Who waits may become fewer where they stand, as more they stand behind; seats left to anyone are theirs."""
    more = party - row.party
    if more:
        queue.resize(event, row, party)
    if more > 0:
        queue.stand_behind(event, row, "joined")
    row.has_let_go = False
    queue.settle(event, here=row)


def _arrive(event: Event, row: Rsvp, party: int) -> None:
    """A newcomer takes seats that nobody waiting fits in, or joins the queue."""
    queue.settle(event)
    row.party = party
    if not queue.has_room(event, party):
        queue.stand_behind(event, row, "joined")
    else:
        if event.waiting_count:
            queue.note_passed(event, before=event.last_place + 1)
        queue.seat(event, row)
    db.session.add(row)


def _do_not_come(event: Event, row: Rsvp, state: str) -> None:
    held = row.holds_seats
    queue.release(event, row, state)
    row.party = 1
    db.session.add(row)
    if held:
        queue.seats_came_free(event)


def _open(event: Event, by: User | Guest) -> Event:
    """The event under its lock. Raises RuleBroken when answers are not open, or `by` may not answer (yet)."""
    event = locked(Event, event.id)
    closed = closed_because(event)
    if closed:
        raise RuleBroken(closed)
    _refuse_outsider(event, by)
    if isinstance(by, Guest):
        _refuse_known(by)
    if not by.is_verified:
        raise RuleBroken(_("Confirm your e-mail address first: we write to it when a seat comes free."))
    return event


def _refuse_outsider(event: Event, by: User | Guest) -> None:
    """Returns for those whom the event is open to; a group may have closed, or banned them, since they opened the page."""
    if event.group_id is not None:
        db.session.get(Group, event.group_id, populate_existing=True)
        look_again()
    if not (access.may_see(by, event) and access.can_answer(by, event)):
        raise Conflict(_("This event is not open to you."))


def _refuse_known(guest: Guest) -> None:
    """Returns for a guest who still is one: meanwhile they may have been forgotten, or have an account."""
    if db.session.get(Guest, guest.id, populate_existing=True) is None:
        raise Conflict(_("This link is not valid any more."))
    if access.account_with(guest.email) is not None:
        raise Conflict(_("Your address has an account by now. Sign in to answer."))


def closed_because(event: Event) -> str | None:
    """Why nobody can answer now, in a sentence; None while answers are open."""
    if event.is_cancelled:
        return _("This event was cancelled.")
    if not event.is_published or event.deleted_at is not None:
        return _("This event is not published.")
    if event.hidden_at is not None:
        return _("This event is hidden: nobody can answer now.")
    if event.is_finished:
        return _("This event is over.")
    if event.locked_at is not None:
        return _("This event is locked: nothing about it changes any more.")
    if event.deadline <= clock.now():
        until = language.moment(event.deadline, event.zone)
        return _("Answers closed on %(moment)s. If your plans change, tell the hosts.", moment=until)
    return None


def _refuse_too_many(event: Event, row: Rsvp, party: int) -> None:
    """A party that had its size already keeps it, also where hosts have lowered the number since."""
    if party < 1:
        raise RuleBroken(_("Say how many of you come."), "party")
    if row.state in (GOING, WAITING, OFFERED) and party <= row.party:
        return
    if party > event.companions + 1:
        if event.companions == 0:
            raise RuleBroken(_("Everyone answers for themselves here: companions are not planned."), "party")
        raise RuleBroken(
            ngettext("You can bring at most %(num)s companion.", "You can bring at most %(num)s companions.", event.companions),
            "party",
        )
    if event.capacity is not None and party > event.capacity:
        seats = ngettext("There is only %(num)s seat in all.", "There are only %(num)s seats in all.", event.capacity)
        raise RuleBroken(seats, "party")


def _only_free(event: Event) -> str:
    if not event.seats_free:
        return _("No further seat is free. Your party stays as it is.")
    return ngettext(
        "Only %(num)s further seat is free. Your party stays as it is.",
        "Only %(num)s further seats are free. Your party stays as it is.",
        event.seats_free,
    )
