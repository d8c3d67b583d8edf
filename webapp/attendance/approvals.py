"""Hosts approve or decline requests to join.

A request that this or another host has already answered the same way stays as it is. A host who
wants to answer it differently gets a Conflict.
"""

from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from ..accounts.models import User
from ..core.db.session import POPULATE_EXISTING, locked
from ..core.extensions import db
from ..core.http.errors import Conflict, UserError
from ..core.observability import audit
from ..core.time import clock
from ..events import access, notices
from ..events.models import ASKED, REFUSED, SEATED_OR_WAITING, Event, Rsvp
from . import waitlist
from .rsvps import closed_because, with_id
from .seats import seat_newcomer


def approve(event: Event, row_id: UUID, by: User, after_all: bool = False) -> Rsvp:
    """Approve a request: give the party seats or a place on the waiting list, and notify them.

    With `after_all`, approve a request that was declined before. Raises Conflict if another host
    has answered meanwhile or the person has lost access. Raises UserError if the seats don't
    suffice and the waiting list no longer moves.
    """
    event = hold(event)
    row = with_id(event, row_id)
    if row.state in SEATED_OR_WAITING:
        return row
    _refuse_answered(row, REFUSED if after_all else ASKED)
    _refuse_gone(row)
    if not waitlist.is_moving(event) and not waitlist.has_room(row, row.party):
        raise UserError(
            _(
                "There aren’t enough seats, and the waiting list is closed. Add seats to the "
                "event first."
            )
        )
    _let_come(row, by)
    notices.signal_answers(event)
    return row


def approve_fitting(event: Event, by: User) -> int:
    """Approve the requests that fit into the free seats, in the order in which they were made.

    Return the number of parties.
    """
    event = hold(event)
    query = (
        sa.select(Rsvp)
        .where(Rsvp.event_id == event.id, Rsvp.state == ASKED)
        .order_by(Rsvp.answered_at, Rsvp.id)
    )
    waitlist.promote(event)
    fitting = 0
    for row in db.session.scalars(query, execution_options=POPULATE_EXISTING).all():
        if waitlist.has_room(row, row.party) and _may_come(row):
            _let_come(row, by)
            fitting += 1
    notices.signal_answers(event)
    return fitting


def decline(event: Event, row_id: UUID, by: User, sentence: str = "") -> Rsvp:
    """Decline a request, with a message to the person if the host wrote one.

    Raises Conflict if it was answered differently or withdrawn meanwhile.
    """
    event = hold(event)
    row = with_id(event, row_id)
    if row.state == REFUSED and row.decline_message == sentence:
        return row
    _refuse_answered(row, ASKED)
    row.state, row.decline_message, row.answered_at = REFUSED, sentence, clock.now()
    row.withdrawals += 1
    audit.record("rsvp.refused", by=by, subject=row.who, event=str(event.id))
    notices.request_declined(row)
    notices.signal_answers(event)
    return row


def hold(event: Event) -> Event:
    """Lock the event for a host's decision.

    Raises UserError if answers are closed or not open yet.
    """
    event = locked(Event, event.id)
    closed = closed_because(event, to_hosts=True)
    if closed:
        raise UserError(closed)
    return event


def _refuse_answered(row: Rsvp, state: str) -> None:
    if row.state != state:
        raise Conflict(
            _(
                "Another host has answered this request, or it was withdrawn, since you opened the "
                "page."
            )
        )


def _refuse_gone(row: Rsvp) -> None:
    if not _may_come(row):
        raise Conflict(
            _(
                "%(name)s can’t come any more because the event isn’t open to them.",
                name=row.who.name,
            )
        )


def _may_come(row: Rsvp) -> bool:
    who, event = row.who, row.event
    return who.is_active and access.may_see(who, event) and access.can_answer(who, event)


def _let_come(row: Rsvp, by: User) -> None:
    seat_newcomer(row, row.party)
    row.answered_at, row.decline_message = clock.now(), ""
    audit.record("rsvp.approved", by=by, subject=row.who, event=str(row.event_id))
    notices.request_approved(row)
