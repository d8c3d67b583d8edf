"""Reminders for those who have not voted: a day before closing by the clock, once for every closing
time that a vote is given, and when those who run it ask for it, once a day.

The day before is the same hour by the clocks of the vote's zone. What was due before people could
know is left out; a site that was down makes up for it until two hours before closing. Within half a
day of another reminder the clock's is not made.
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
from ...core.db.session import locked, new_id
from ...core.extensions import db
from ...core.http.errors import Conflict, UserError
from ...core.jobs import fan_out
from ...core.jobs.fan_out import FanOut
from ...core.observability import audit
from ...core.time import clock, time_zones
from ...groups.models import Group
from ..models import NUDGE, REMINDER, Vote, Voter, ballot_is_in
from . import electorates

#: So long the button rests once it was pressed.
RESTS = timedelta(days=1)
#: So near to another reminder the clock makes none.
APART = timedelta(hours=12)


class DueVoteReminder(NamedTuple):
    """A reminder that should be on its way: of which vote, for which closing time."""

    vote_id: UUID
    closes_at: datetime


def nonvoters(vote: Vote) -> sa.Select[Any]:
    """The lines of the roll whose ballot is missing and may still come, with their people: a
    statement of Voter.
    """
    return electorates.on_roll(vote).where(~ballot_is_in(vote.id, Voter.user_id))


def nonvoter_count(vote: Vote, but: User | None = None) -> int:
    """How many these are, but for one."""
    lines = nonvoters(vote) if but is None else nonvoters(vote).where(Voter.user_id != but.id)
    return db.session.scalar(sa.select(sa.func.count()).select_from(lines.subquery())) or 0


def visible_nonvoter_count(vote: Vote, but: User) -> int:
    """How many silent voters the author may know of, but for themselves: of a secret vote no more
    than the last mix has told.
    """
    return (
        max(0, vote.roll_count - vote.ballot_count)
        if vote.is_secret
        else nonvoter_count(vote, but=but)
    )


def due(now: datetime) -> list[DueVoteReminder]:
    """The reminders that nobody has made yet."""
    found = []
    for vote in _nearing(now):
        since = day_before(time_zones.wall(vote.closes_at, vote.zone), vote.zone)
        if vote.opened_at <= since <= now < vote.closes_at - TOO_LATE:
            found.append(DueVoteReminder(vote.id, vote.closes_at))
    return found


def _nearing(now: datetime) -> Sequence[Any]:
    """The open votes that close soon and of which nobody was reminded lately."""
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
    """The reminder is on its way; False when someone else has made it, the vote was extended
    past it, or nobody is left.
    """
    vote = db.session.get(Vote, it.vote_id)
    if vote is None or vote.closes_at != it.closes_at or not nonvoter_count(vote):
        return False
    try:
        with db.session.begin_nested():
            fan_out.ask(REMINDER, vote.id, reminder_for=it.closes_at)
    except IntegrityError:
        return False
    return True


def ask(vote: Vote, by: User, id: UUID | None = None) -> FanOut:
    """Those who have not voted are reminded now, because `by` asks for it.

    Raises UserError within a day of the last time.
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
    row = fan_out.ask(NUDGE, vote.id, by_id=by.id, id=id or new_id())
    audit.record("vote.reminded", by=by, subject=vote)
    return row


def next_at(vote: Vote) -> datetime | None:
    """Until when nobody asks for a reminder again; None when someone can."""
    before = fan_out.last(vote.id, NUDGE)
    if before is None or before.created_at + RESTS <= clock.now():
        return None
    return before.created_at + RESTS
