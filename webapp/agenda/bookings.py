"""Seats in sessions, for people who are going to the event. They are given out under the event's
lock by its rules (`attendance.seats`, `attendance.waitlist`).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _, ngettext

from ..accounts.models import User
from ..attendance import rsvps, seats as coming, waitlist
from ..core.db.session import POPULATE_EXISTING, locked
from ..core.extensions import db
from ..core.http.errors import Conflict, UserError
from ..core.time import clock
from ..events import access, notices
from ..events.models import (
    CANCELLED,
    GOING,
    NOT_GOING,
    OFFERED,
    SEATED_OR_WAITING,
    Event,
    Guest,
    Rsvp,
    is_of,
    naming,
    with_who,
)
from .models import AgendaSession, Booking
from .sessions import fresh


def of(session: AgendaSession, who: Any) -> Booking | None:
    """Return the seats, or the place on the waiting list, of `who` in the session, fresh from the
    database.
    """
    mine = sa.select(Booking).where(Booking.session_id == session.id, is_of(who, Booking))
    return db.session.scalar(mine, execution_options=POPULATE_EXISTING)


def book(session: AgendaSession, by: User | Guest, party: int = 1) -> Booking:
    """Give `by` seats in the session for this many people, or put them on the waiting list if they
    don't all fit.
    Raises UserError if registration is closed, `by` isn't going to the event, or their party there
    is smaller.
    """
    event, session = _open(session)
    answer = rsvps.of(event, by)
    if answer is None or answer.state != GOING:
        raise UserError(
            _("Sessions are for people who are going to the event. Answer “Going” first.")
        )
    row = of(session, by) or _new(session, by)
    if party > answer.party:
        most = ngettext(
            "You can book 1 seat, as in your answer to the event.",
            "You can book up to %(num)s seats, as in your answer to the event.",
            answer.party,
        )
        raise UserError(most, "party")
    coming.take_seats(row, party)
    notices.signal_answers(session)
    return row


def cancel(session: AgendaSession, by: User | Guest) -> Booking:
    """Give up the seats of `by`, or their place on the waiting list, and promote others. Pressing
    twice has no effect. Raises Conflict if they never had any.
    """
    _event, session = _open(session)
    row = of(session, by)
    if row is not None and row.state == NOT_GOING:
        return row
    if row is None:
        raise Conflict(_("You don’t have a seat and you’re not on the waiting list."))
    coming.give_up(row, NOT_GOING)
    notices.signal_answers(session)
    return row


def accept_offer(session: AgendaSession, by: User | Guest) -> Booking:
    """Accept the seats offered to `by`. Pressing twice has no effect.
    Raises Conflict if no seats are held any more.
    """
    _event, session = _open(session)
    row = coming.offer_of(of(session, by), GOING)
    if row.state == GOING:
        return row
    waitlist.seat(row, "accepted")
    notices.signal_answers(session)
    return row


def decline_offer(session: AgendaSession, by: User | Guest) -> Booking:
    """Offer the seats held for `by` to the next on the waiting list, and move `by` to its back.
    Raises Conflict if no seats are held.
    """
    _event, session = _open(session)
    return coming.decline(of(session, by))


def closed_because(session: AgendaSession) -> str | None:
    """Return why nobody can take or give up a seat now, as a sentence, or None."""
    closed = rsvps.closed_because(session.event, to_hosts=True)
    if closed:
        return closed
    if session.cancelled_at is not None:
        return _("This session was cancelled.")
    if session.event.agenda_published_at is None:
        return _("The hosts haven’t published the agenda yet.")
    return _("This session has started.") if session.deadline <= clock.now() else None


def follow_rsvp(answer: Rsvp) -> None:
    """Adjust seats in coming sessions after an answer to the event: none for people not going any
    more, fewer for a smaller party. Promote others. The caller must hold the event's lock.
    """
    most = answer.party if answer.state == GOING and _is_for(answer.event, answer.user) else 0
    for row in _theirs(answer):
        if not most:
            coming.give_up(row, NOT_GOING)
        elif row.party + row.seats_waiting > most:
            coming.take_seats(row, most)


def _is_for(event: Event, user: User | None) -> bool:
    """Whether the person (None: a guest) can still come: not if they closed their account, were
    banned, or left a closed group.
    """
    if user is None:
        return True
    if not user.is_active or access.is_banned(user, event):
        return False
    return (
        access.is_member(user, event)
        or access.is_open_to_others(event)
        or access.is_host(user, event)
    )


def promote_all(event: Event) -> None:
    """Give free seats in the event's sessions to waiting people who fit. The caller must hold the
    event's lock.
    """
    waiting = sa.select(AgendaSession).where(AgendaSession.event_id == event.id)
    offered = sa.exists().where(
        Booking.session_id == AgendaSession.id, Booking.offered_until.is_not(None)
    )
    waiting = waiting.where(sa.or_(AgendaSession.waiting_count > 0, offered)).order_by(
        AgendaSession.id
    )
    for session in db.session.scalars(waiting, execution_options=POPULATE_EXISTING).all():
        waitlist.promote(session)


def resumed(event: Event) -> None:
    """Renew offers in the sessions of an event that is no longer cancelled, and give out free
    seats.
    """
    offered = sa.exists().where(Booking.session_id == AgendaSession.id, Booking.state == OFFERED)
    for session in db.session.scalars(
        sa.select(AgendaSession).where(AgendaSession.event_id == event.id, offered)
    ):
        coming.renew_offers(session)
    promote_all(event)


def seats_came_free(event: Event, new_seats: bool = False) -> None:
    """Give waiting people another chance after the event reopens, also those who declined
    an offer.
    """
    waiting = sa.select(AgendaSession).where(
        AgendaSession.event_id == event.id, AgendaSession.waiting_count > 0
    )
    for session in db.session.scalars(
        waiting.order_by(AgendaSession.id), execution_options=POPULATE_EXISTING
    ).all():
        waitlist.seats_came_free(session)


def add_ended_offers(now: datetime, events: set[UUID]) -> None:
    """Add to `events` those in whose sessions an offer has expired."""
    ended = (
        sa.select(AgendaSession.event_id)
        .join(Booking, Booking.session_id == AgendaSession.id)
        .join(AgendaSession.event)
    )
    events.update(
        db.session.scalars(
            ended.where(Booking.offered_until <= now, Event.state != CANCELLED).distinct()
        )
    )


def holders(user_id: UUID) -> sa.ColumnElement[bool]:
    """Return the condition on Event that this person has seats in a coming session or is on its
    waiting list.
    """
    coming = sa.exists().where(
        AgendaSession.event_id == Event.id, AgendaSession.starts_at > clock.now()
    )
    mine = coming.where(
        Booking.session_id == AgendaSession.id,
        Booking.user_id == user_id,
        Booking.state != NOT_GOING,
    )
    return mine.correlate(Event)


def take_over(event: Event, guest: Guest, user: User) -> None:
    """Move the guest's bookings to the account. The caller must hold the event's lock, and have
    decided whose answer stays.
    """
    of_event = sa.select(AgendaSession.id).where(AgendaSession.event_id == event.id)
    theirs = (Booking.guest_id == guest.id, Booking.session_id.in_(of_event))
    for row in db.session.scalars(
        sa.select(Booking).where(*theirs), execution_options=POPULATE_EXISTING
    ).all():
        other = of(row.session, user)
        if other is not None and other.state in SEATED_OR_WAITING:
            coming.give_up(row, NOT_GOING)
            db.session.delete(row)
            continue
        if other is not None:
            db.session.delete(other)
            db.session.flush()
        row.guest, row.user = None, user
    db.session.flush()


def forget(guest: Guest) -> None:
    """Delete the bookings of a guest whose data is erased. Seats are kept, without a name, for the
    numbers.
    """
    empty = sa.delete(Booking).where(Booking.guest_id == guest.id, Booking.state != GOING)
    db.session.execute(empty, execution_options={"synchronize_session": "fetch"})


def _theirs(answer: Rsvp) -> Sequence[Booking]:
    whose = (
        Booking.guest_id == answer.guest_id
        if answer.guest_id is not None
        else Booking.user_id == answer.user_id
    )
    query = sa.select(Booking).join(Booking.session).options(*with_who(Booking))
    query = query.where(
        AgendaSession.event_id == answer.event_id, AgendaSession.starts_at > clock.now(), whose
    )
    query = query.where(Booking.state.in_(SEATED_OR_WAITING)).order_by(Booking.id)
    return db.session.scalars(query, execution_options=POPULATE_EXISTING).all()


def _open(session: AgendaSession) -> tuple[Event, AgendaSession]:
    """Lock the event, and reload the session.
    Raises UserError if it's closed.
    """
    event = locked(Event, session.event_id)
    session = fresh(session)
    closed = closed_because(session)
    if closed:
        raise UserError(closed)
    return event, session


def _new(session: AgendaSession, who: User | Guest) -> Booking:
    return Booking(
        session_id=session.id,
        session=session,
        party=1,
        seats_waiting=0,
        state=NOT_GOING,
        declined_offer=False,
        **naming(who),
    )
