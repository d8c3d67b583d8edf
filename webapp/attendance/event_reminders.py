"""Reminders a day and an hour before the start, once for every start that an event is given.

The first comes at the same local time on the day before; the second 60 minutes before the start,
even if the clocks change. A reminder is skipped if it was due before people could know the start,
because the event was published or moved later. After an outage the first is made up until two hours
before the start, the second until it begins. See `decisions/0031`.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from ..core.extensions import db
from ..core.time import time_zones
from ..events import change_notices
from ..events.models import NONE, Event, EventNotice, takes_place
from ..events.models.change_notice import DAY, FEEDBACK, HOUR
from ..groups.models import Group

HOUR_BEFORE = timedelta(hours=1)
#: All-day events begin at midnight. People get one reminder, at nine on the day before.
IN_THE_MORNING = timedelta(hours=9)
#: Later than this, the first reminder would arrive together with the second.
TOO_LATE = timedelta(hours=2)
#: A local day is never longer than this, even when clocks change.
FURTHEST = timedelta(hours=27)


class DueReminder(NamedTuple):
    """A reminder to send: for which event, which of the two, and for which start."""

    event_id: UUID
    kind: str
    starts_at: datetime


def due(now: datetime) -> list[DueReminder]:
    """Return the due reminders that haven't been created yet."""
    found = []
    for event in _nearing(now):
        known_since = max(
            filter(None, (event.created_at, event.published_at, event.rescheduled_at))
        )
        begins = event.starts_wall + IN_THE_MORNING if event.is_all_day else event.starts_wall
        day, hour = day_before(begins, event.zone), event.starts_at - HOUR_BEFORE
        if not event.has_day and known_since <= day <= now < event.starts_at - TOO_LATE:
            found.append(DueReminder(event.id, DAY, event.starts_at))
        if not event.has_hour and not event.is_all_day and known_since <= hour <= now:
            found.append(DueReminder(event.id, HOUR, event.starts_at))
    return found


def day_before(starts: datetime, zone: str) -> datetime:
    """Return the moment with the same local time on the day before.

    If the clocks skipped that time, return the nearest one that exists.
    """
    try:
        return time_zones.to_utc(starts - timedelta(days=1), zone, fold=0)
    except time_zones.NonexistentTime as skipped:
        return time_zones.to_utc(skipped.nearest[1], zone, fold=0)


def _nearing(now: datetime) -> Sequence[Any]:
    """Return events that start soon, each with `has_day` and `has_hour`: whether the reminder
    exists.
    """
    made = {f"has_{kind}": _is_made(kind) for kind in (DAY, HOUR)}
    columns = (Event.id, Event.starts_at, Event.starts_wall, Event.zone, Event.is_all_day)
    known_since = (Event.published_at, Event.rescheduled_at, Event.created_at)
    query = sa.select(
        *columns, *known_since, *(exists.label(name) for name, exists in made.items())
    )
    query = query.outerjoin(Group, Group.id == Event.group_id)
    query = query.where(takes_place(), Group.deleted_at.is_(None))
    query = query.where(Event.starts_at > now, Event.starts_at <= now + FURTHEST)
    query = query.where(
        sa.or_(~made["has_day"], sa.and_(~made["has_hour"], Event.starts_at <= now + HOUR_BEFORE))
    )
    return db.session.execute(query.order_by(Event.starts_at)).all()


def _is_made(kind: str) -> sa.ColumnElement[bool]:
    same = (
        EventNotice.event_id == Event.id,
        EventNotice.kind == kind,
        EventNotice.starts_at == Event.starts_at,
    )
    return sa.exists().where(*same).correlate(Event)


def send(it: DueReminder) -> bool:
    """Create the reminder. False if someone else has done so, or the event is gone."""
    event = db.session.get(Event, it.event_id)
    if event is None:
        return False
    try:
        with db.session.begin_nested():
            change_notices.send(event, it.kind, starts_at=it.starts_at)
    except IntegrityError:
        return False
    return True


AFTER, UNTIL = timedelta(hours=2), timedelta(days=2)


def due_feedback_requests(now: datetime) -> Sequence[DueReminder]:
    """Return the ended events whose attendees haven't been asked for feedback yet."""
    was_asked = (
        sa.exists()
        .where(EventNotice.event_id == Event.id, EventNotice.kind == FEEDBACK)
        .correlate(Event)
    )
    query = sa.select(Event.id, Event.starts_at).outerjoin(Group, Group.id == Event.group_id)
    query = query.where(
        Event.ends_at > now - UNTIL,
        Event.ends_at <= now - AFTER,
        Event.feedback != NONE,
        ~was_asked,
    )
    query = query.where(takes_place(), Group.deleted_at.is_(None))
    return [
        DueReminder(event_id, FEEDBACK, starts_at)
        for event_id, starts_at in db.session.execute(query.order_by(Event.ends_at))
    ]
