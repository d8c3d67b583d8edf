"""An account takes over what its person answered as a guest, once the address is known to be
theirs.
"""

import sqlalchemy as sa

from ..accounts import reads as account_reads
from ..accounts.models import User
from ..core import hooks
from ..core.db.session import POPULATE_EXISTING
from ..core.extensions import db
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
from . import feedback, rsvps, waitlist
from .models import HostMessage

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
    if account_reads.answering_for(user.email) is None:
        return
    mine = Guest.email == user.email
    for event in locked_in_order(Event.id.in_(sa.select(Guest.event_id).where(mine))):
        wanted = sa.select(Guest).where(mine, Guest.event_id == event.id)
        guest = db.session.scalar(wanted, execution_options=POPULATE_EXISTING)
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
    feedback.taken_over(event, guest, user)
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
