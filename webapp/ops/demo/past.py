"""Move what the rules have just made back in time."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from ...attendance.models import Attendance, CheckInEvent
from ...core.extensions import db
from ...core.jobs import fan_out
from ...core.jobs.batches import STALLED_AFTER
from ...core.jobs.fan_out import FanOut
from ...core.time import clock, time_zones
from ...events.models import WAITING, Event, EventDay, EventNotice, Rsvp, WaitlistStep
from ...notifications.models import Notification
from ...voting.models import Ballot, Vote

#: Notifications older than this are marked as read.
READ_AFTER = timedelta(days=3)


def announced(event: Event, days: int) -> None:
    """Date the event's publication to `days` ago, and spread its answers since then, in their
    order.
    """
    db.session.flush()
    since, until = clock.now() - timedelta(days=days), min(clock.now(), event.starts_at)
    event.created_at = since - timedelta(hours=20)
    event.published_at = since if event.published_at else None
    rows = db.session.scalars(
        sa.select(Rsvp).where(Rsvp.event_id == event.id).order_by(Rsvp.answered_at, Rsvp.id)
    ).all()
    for row, moment in zip(rows, spread(since, until, len(rows)), strict=True):
        row.created_at = row.answered_at = moment
    steps = db.session.scalars(
        sa.select(WaitlistStep)
        .where(WaitlistStep.event_id == event.id)
        .order_by(WaitlistStep.number)
    ).all()
    middle = since + (until - since) / 2
    for step, moment in zip(steps, spread(middle, until, len(steps)), strict=True):
        step.created_at = moment
    _count_days(event, rows)
    backdate_lines(f"event:{event.id}", since)
    notified_then(EventNotice.event_id == event.id, since)


def notified_then(which: sa.ColumnElement[bool], moment: datetime) -> None:
    """Date these event notifications to that moment."""
    ids = sa.select(EventNotice.id).where(which)
    values = {"created_at": moment, "begun_at": moment, "ended_at": moment}
    db.session.execute(sa.update(FanOut).where(FanOut.subject_id.in_(ids)).values(values))
    db.session.execute(sa.update(EventNotice).where(which).values(created_at=moment))


def _count_days(event: Event, rows: Sequence[Rsvp]) -> None:
    """Recreate the daily counts from the answers' dates."""
    db.session.execute(sa.delete(EventDay).where(EventDay.event_id == event.id))
    seats = waiting = 0
    for day, answers in groupby(rows, key=lambda row: row.answered_at.date()):
        for row in answers:
            seats += row.party if row.holds_seats else 0
            waiting += row.state == WAITING
        db.session.add(EventDay(event_id=event.id, day=day, seats=seats, waiting=waiting))
        event.counted_on = day


def took_place(event: Event, days: int) -> None:
    """Move a planned event so that it began `days` ago, at the same local time."""
    length = event.ends_wall - event.starts_wall
    day = time_zones.wall(clock.now(), event.zone).date() - timedelta(days=days)
    event.starts_wall = datetime.combine(day, event.starts_wall.time())
    event.ends_wall = event.starts_wall + length
    event.starts_at = time_zones.to_utc(event.starts_wall, event.zone, fold=0)
    event.ends_at = time_zones.to_utc(event.ends_wall, event.zone, fold=0)
    event.rsvp_deadline = None
    announced(event, days + 12)


def began(event: Event, hours: int) -> None:
    """Move a planned event so that it began `hours` ago, at a full hour."""
    length = event.ends_wall - event.starts_wall
    event.starts_at = (clock.now() - timedelta(hours=hours)).replace(
        minute=0, second=0, microsecond=0
    )
    event.starts_wall = time_zones.wall(event.starts_at, event.zone)
    event.ends_at, event.ends_wall = event.starts_at + length, event.starts_wall + length
    event.rsvp_deadline = None
    announced(event, 9)


def came(event: Event) -> None:
    """Date the check-ins around the start."""
    db.session.flush()
    steps = db.session.scalars(
        sa.select(CheckInEvent).where(CheckInEvent.event_id == event.id).order_by(CheckInEvent.id)
    ).all()
    since = event.starts_at - timedelta(minutes=25)
    for step, moment in zip(
        steps, spread(since, event.starts_at + timedelta(minutes=20), len(steps)), strict=True
    ):
        visit = db.session.get_one(Attendance, step.rsvp_id)
        if visit.first_at == step.created_at:
            visit.first_at = moment
        step.created_at = visit.last_at = moment


def fan_outs_run() -> None:
    """Send pending fan-outs within this transaction, as the job would."""
    for fan_out_id in fan_out.due(clock.now() + STALLED_AFTER):
        while fan_out.step(fan_out_id):
            pass
    db.session.flush()


def asked(vote: Vote, days: int, closed: int | None = None) -> None:
    """Date the vote's opening to `days` ago, and its end to `closed` days ago if given; spread the
    ballots.
    """
    db.session.flush()
    since = evening(vote.zone, -days)
    until = evening(vote.zone, -closed) if closed is not None else clock.now()
    vote.created_at, vote.opens_at, vote.opened_at = since - timedelta(hours=2), since, since
    if closed is not None:
        vote.closes_at = until
    ballots = db.session.scalars(
        sa.select(Ballot).where(Ballot.vote_id == vote.id).order_by(Ballot.id)
    ).all()
    for ballot, moment in zip(ballots, spread(since, until, len(ballots)), strict=True):
        ballot.created_at = ballot.changed_at = moment
    backdate_lines(f"vote:{vote.id}", since)


def closed(vote: Vote) -> None:
    """Date the vote's closing and its notifications to its deadline."""
    fan_outs_run()
    vote.closed_at = vote.closes_at
    backdate_lines(f"vote:{vote.id}", vote.closes_at, kinds=("vote.closed",))


def evening(zone: str, days: int) -> datetime:
    """Return 20:00 in that zone, `days` from today."""
    day = time_zones.wall(clock.now(), zone).date() + timedelta(days=days)
    return time_zones.to_utc(datetime.combine(day, time(20)), zone, fold=0)


def backdate_lines(scope: str, moment: datetime, kinds: Sequence[str] = ()) -> None:
    """Date this scope's notifications to that moment, and mark old ones as read."""
    old = moment < clock.now() - READ_AFTER
    lines = sa.update(Notification).where(Notification.scope == scope)
    values: dict[str, Any] = {
        "created_at": moment,
        "read_at": moment + timedelta(hours=5) if old else None,
    }
    db.session.execute(lines.where(Notification.kind.in_(kinds)) if kinds else lines, values)


def spread(since: datetime, until: datetime, count: int) -> list[datetime]:
    """Return `count` moments at equal intervals between the two."""
    return [since + (until - since) * (number + 1) / (count + 1) for number in range(count)]
