"""Reminders for people who haven't voted. They are scheduled a day before closing, once for each
closing time of a vote. Organizers can send one by hand, at most once a day.

The day before is the same hour in the vote's zone. Reminders due before people could know of the
vote are left out. After downtime they are caught up with until two hours before closing. There's no
scheduled reminder within half a day of another one.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from ...accounts.models import User
from ...attendance.event_reminders import FURTHEST, TOO_LATE, day_before
from ...core import i18n
from ...core.db.base import new_id
from ...core.db.session import locked
from ...core.extensions import db
from ...core.http.errors import Conflict, UserError
from ...core.jobs import fan_out
from ...core.jobs.fan_out import FanOut
from ...core.observability import audit
from ...core.time import clock, time_zones
from ...groups.models import Group
from ..models import NUDGE, REMINDER, Vote, Voter, ballot_is_in
from . import electorates

#: How long after a reminder by hand the next one is refused.
RESTS = timedelta(days=1)
#: No scheduled reminder within this time of another one.
APART = timedelta(hours=12)


class DueVoteReminder(NamedTuple):
    """A reminder to send, for a vote and a closing time."""

    vote_id: UUID
    closes_at: datetime


def nonvoters(vote: Vote) -> sa.Select[Any]:
    """Select the Voter rows, with their users, of people who haven't voted and still can."""
    return electorates.on_roll(vote).where(~ballot_is_in(vote.id, Voter.user_id))


def nonvoter_count(vote: Vote, but: User | None = None) -> int:
    """Count these people, except one."""
    lines = nonvoters(vote) if but is None else nonvoters(vote).where(Voter.user_id != but.id)
    return db.session.scalar(sa.select(sa.func.count()).select_from(lines.subquery())) or 0


def visible_nonvoter_count(vote: Vote, but: User) -> int:
    """Count the nonvoters that an organizer may know of. In a secret vote that's as of the last
    mix.
    """
    return (
        max(0, vote.roll_count - vote.ballot_count)
        if vote.is_secret
        else nonvoter_count(vote, but=but)
    )


def due(now: datetime) -> list[DueVoteReminder]:
    """Return the reminders that are due and not sent yet."""
    found = []
    for vote in _nearing(now):
        since = day_before(time_zones.wall(vote.closes_at, vote.zone), vote.zone)
        if vote.opened_at <= since <= now < vote.closes_at - TOO_LATE:
            found.append(DueVoteReminder(vote.id, vote.closes_at))
    return found


def _nearing(now: datetime) -> Sequence[Any]:
    """The open votes that close soon and had no reminder lately."""
    about = sa.exists().where(
        FanOut.subject_id == Vote.id,
        FanOut.kind.in_((REMINDER, NUDGE)),
        sa.or_(FanOut.reminder_for == Vote.closes_at, FanOut.created_at > now - APART),
    )
    query = sa.select(Vote.id, Vote.opened_at, Vote.closes_at, Vote.zone).join(
        Group, Group.id == Vote.group_id
    )
    query = query.where(
        Vote.opened_at.is_not(None), Vote.closed_at.is_(None), Vote.cancelled_at.is_(None)
    )
    query = query.where(Vote.deleted_at.is_(None), Group.deleted_at.is_(None), ~about)
    return db.session.execute(
        query.where(Vote.closes_at > now, Vote.closes_at <= now + FURTHEST).order_by(Vote.id)
    ).all()


def send(it: DueVoteReminder) -> bool:
    """Send the reminder. Return False if another process sent it, closing was postponed, or
    everyone has voted.
    """
    vote = db.session.get(Vote, it.vote_id)
    if vote is None or vote.closes_at != it.closes_at or not nonvoter_count(vote):
        return False
    try:
        with db.session.begin_nested():
            fan_out.start(REMINDER, vote.id, reminder_for=it.closes_at)
    except IntegrityError:
        return False
    return True


def ask(vote: Vote, by: User, id: UUID | None = None) -> FanOut:
    """Send a reminder by hand to everyone who hasn't voted.
    Raises UserError if one was sent within a day or all others have voted, and Conflict if the vote
    isn't open.
    """
    vote = locked(Vote, vote.id)
    if not vote.is_open or vote.opened_at is None:
        raise Conflict(_("No one can vote right now, so no reminder was sent."))
    if not vote.is_secret and not nonvoter_count(vote, but=by):
        raise UserError(_("Everyone else who can vote has voted."))
    rests = next_at(vote)
    if rests is not None:
        until = i18n.moment(rests, vote.zone)
        raise UserError(
            _(
                "They were reminded within the last day. You can remind them again from "
                "%(moment)s.",
                moment=until,
            )
        )
    row = fan_out.start(NUDGE, vote.id, by_id=by.id, id=id or new_id())
    audit.record("vote.reminded", by=by, subject=vote)
    return row


def next_at(vote: Vote) -> datetime | None:
    """Return when the next reminder by hand can be sent; None for now."""
    before = fan_out.last(vote.id, NUDGE)
    if before is None or before.created_at + RESTS <= clock.now():
        return None
    return before.created_at + RESTS
