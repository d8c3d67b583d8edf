"""Answers to an event.

Every change locks the event, so that what it counts is still true when it writes.
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
    SEATED_OR_WAITING,
    Event,
    Guest,
    Rsvp,
    naming,
)
from ..groups.access import forget_roles
from ..groups.models import Group
from . import waitlist
from .registration.answers import RegistrationAnswers, save
from .seats import decline, give_up, offer_of, refuse_too_many, take_seats


def of(event: Event, user: Any) -> Rsvp | None:
    """Return the answer of `user`, who may be a guest, reloaded from the database."""
    given = {"event": event.id, "who": user.id}
    mine = _answer_of(isinstance(user, Guest))
    return db.session.scalar(mine, given, execution_options=POPULATE_EXISTING)


@cache
def _answer_of(a_guest: bool) -> sa.Select[Rsvp]:
    who = (Rsvp.guest_id if a_guest else Rsvp.user_id) == sa.bindparam("who", type_=sa.Uuid)
    return sa.select(Rsvp).where(Rsvp.event_id == sa.bindparam("event", type_=sa.Uuid), who)


def with_id(event: Event, row_id: UUID) -> Rsvp:
    """Return the event's answer with this id, reloaded from the database.

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
    details: RegistrationAnswers | None = None,
) -> Rsvp:
    """Give or change the answer of `by`.

    If the party doesn't fit, it joins the waiting list; with `split`, those who fit are going and
    the rest waits. If hosts approve, Going becomes a request. Raises UserError if answers are
    closed, the party is too large, or required details are missing or full.
    """
    if state not in (GOING, MAYBE, NOT_GOING):
        raise UserError(_("Choose an answer."), "answer")
    event = _open(event, by)
    row = of(event, by) or new_answer(event, by)
    end_offer(row, state)
    if row.state == REFUSED:
        raise Conflict(_("The hosts declined your request. Message them if something has changed."))
    before = summary_of(row)
    row.is_anonymous = anonymous
    asks = (
        event.requires_approval
        and row.state not in SEATED_OR_WAITING
        and not access.is_host(by, event)
    )
    set_answer(row, ASKED if asks and state == GOING else state, party, split, details)
    if summary_of(row) != before:
        _confirm_by_email(row, is_new_request=row.state == ASKED and before[0] != ASKED)
    notices.signal_answers(event)
    return row


def _confirm_by_email(row: Rsvp, is_new_request: bool) -> None:
    """Email the person their answer; if it is a request, notify the hosts."""
    row.answered_at, row.by_host = clock.now(), False
    notices.answered(row)
    if is_new_request:
        notices.request_arrived(row)


def summary_of(row: Rsvp) -> tuple[str | None, int, int]:
    """The parts of an answer whose change is confirmed by email."""
    return row.state, row.party, row.seats_waiting


def end_offer(row: Rsvp, state: str) -> None:
    """Expire the offer if it has run out, even if the job hasn't run yet."""
    if row.state == OFFERED and state == GOING:
        waitlist.expire(row.event)


def set_answer(
    row: Rsvp,
    state: str,
    party: int = 1,
    split: bool = False,
    details: RegistrationAnswers | None = None,
    by_host: bool = False,
) -> None:
    """Set the answer at an event that the caller has locked; update seats, places and the waiting
    list.
    """
    if state not in (GOING, ASKED):
        give_up(row, state)
        return
    was_in = row.holds_seats or row.is_on_waitlist
    has_other_picks = save(row, details, party, by_host)
    if state == ASKED:
        refuse_too_many(row, party)
        row.state, row.party = ASKED, party
        db.session.add(row)
    else:
        take_seats(row, party, split)
    if has_other_picks and was_in:
        waitlist.seats_came_free(row.event, here=row)


def new_answer(event: Event, who: User | Guest) -> Rsvp:
    """Return a new answer without a state, not yet added to the database session."""
    return Rsvp(event_id=event.id, event=event, party=1, seats_waiting=0, answers=[], **naming(who))


def withdraw(event: Event, by: User | Guest) -> Rsvp:
    """Withdraw the answer of `by`; their seats go to the waiting list. Calling it twice is
    harmless.

    Raises Conflict if there is no answer.
    """
    event = _open(event, by)
    row = of(event, by)
    if row is not None and row.state == NOT_GOING:
        return row
    if row is None or row.state == REFUSED:
        raise Conflict(_("You don’t have a seat and you’re not on the waiting list."))
    return answer(event, by, NOT_GOING, anonymous=row.is_anonymous)


def accept_offer(event: Event, by: User | Guest) -> Rsvp:
    """Accept the offered seats. Calling it twice is harmless.

    Raises Conflict if none are held any more.
    """
    event = _open(event, by)
    row = offer_of(of(event, by), GOING)
    if row.state == GOING:
        return row
    waitlist.seat(row, "accepted")
    row.answered_at = clock.now()
    notices.answered(row)
    notices.signal_answers(event)
    return row


def decline_offer(event: Event, by: User | Guest) -> Rsvp:
    """Decline the offered seats: they go to the next party, and `by` to the back of the list.

    Calling it twice is harmless. Raises Conflict if no seats are held.
    """
    return decline(of(_open(event, by), by))


def _open(event: Event, by: User | Guest) -> Event:
    """Lock the event.

    Raises UserError if answers aren't open, or `by` can't answer (yet).
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
    """Raises Conflict if the group has closed to them or banned them since they opened the page."""
    if event.group_id is not None:
        group = db.session.get(Group, event.group_id, populate_existing=True)
        set_committed_value(event, "group", group)
        forget_roles()
    if not (access.may_see(by, event) and access.can_answer(by, event)):
        raise Conflict(_("This event isn’t open to you."))


def _refuse_known(guest: Guest) -> None:
    """Raises Conflict if the guest was deleted or has got an account meanwhile."""
    if db.session.get(Guest, guest.id, populate_existing=True) is None:
        raise Conflict(_("This link no longer works."))
    if account_reads.owner_of_email(guest.email) is not None:
        raise Conflict(_("Your email address now has an account. Sign in to answer."))


def closed_because(event: Event, to_hosts: bool = False) -> str | None:
    """Return why nobody can answer now, as a sentence; None while answers are open.

    The deadline doesn't bind hosts.
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
