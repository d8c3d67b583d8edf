"""Reminders to people with a task or shift, the day before, once for each time it's set to."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from ..accounts.models import User
from ..core.db.session import POPULATE_EXISTING, locked
from ..core.extensions import db
from ..core.jobs import batches
from ..core.jobs.queue import every, job
from ..core.time import clock
from ..events.models import Event, takes_place
from ..groups.models import Group
from . import notifications
from .models import DONE, EventShift, EventTask, ShiftClaim

SOON = timedelta(days=1)


def events_with(now: datetime) -> Sequence[UUID]:
    """Return the events with reminders to send, each once."""
    tasks = sa.select(EventTask.event_id).where(*_tasks(now))
    shifts = (
        sa.select(EventShift.event_id)
        .join(ShiftClaim, ShiftClaim.shift_id == EventShift.id)
        .where(*_claims(now))
    )
    some = tasks.union(shifts).subquery()
    query = sa.select(Event.id).outerjoin(Group, Group.id == Event.group_id)
    query = query.where(takes_place(), Group.deleted_at.is_(None))
    return db.session.scalars(
        query.where(Event.id.in_(sa.select(some.c.event_id))).order_by(Event.id)
    ).all()


def remind(event_id: UUID, now: datetime) -> None:
    """Remind people with tasks and shifts at this event within a day, once."""
    event = locked(Event, event_id)
    mine = (
        sa.select(EventTask, User).join(User, User.id == EventTask.assignee_id).where(*_tasks(now))
    )
    for task, user in db.session.execute(
        mine.where(EventTask.event_id == event.id), execution_options=POPULATE_EXISTING
    ).all():
        task.reminded_at = now
        notifications.due(event, user, task.title, task.due_at)
    claimed = sa.select(ShiftClaim, EventShift, User).join(
        EventShift, EventShift.id == ShiftClaim.shift_id
    )
    claimed = claimed.join(User, User.id == ShiftClaim.user_id).where(
        *_claims(now), EventShift.event_id == event.id
    )
    for claim, shift, user in db.session.execute(
        claimed, execution_options=POPULATE_EXISTING
    ).all():
        claim.reminded_at = now
        notifications.due(event, user, shift.title, shift.starts_at)


def _tasks(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    to_do: Any = (
        EventTask.state != DONE,
        EventTask.assignee_id.is_not(None),
        EventTask.reminded_at.is_(None),
    )
    return EventTask.due_at > now, EventTask.due_at <= now + SOON, *to_do


def _claims(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        EventShift.starts_at > now,
        EventShift.starts_at <= now + SOON,
        ShiftClaim.reminded_at.is_(None),
    )


@job("events.remind_helpers")
def remind_helpers() -> None:
    """Send the reminders that are due, each once."""
    batches.for_each(
        "events.remind_helpers",
        events_with(clock.now()),
        lambda event_id: remind(event_id, clock.now()),
    )


every(60, "events.remind_helpers")
