"""Helpers for tests of tasks and shifts."""

from datetime import timedelta

import sqlalchemy as sa

from webapp.attendance import rsvps
from webapp.core.extensions import db
from webapp.core.time import time_zones
from webapp.notifications.models import Notification
from webapp.volunteering import shifts, tasks
from webapp.volunteering.models import EventShift, EventTask, ShiftClaim


def comes(event, *people):
    """Let these people go to the event; commit."""
    for person in people:
        rsvps.answer(event, by=person)
    db.session.commit()


def task(event, by, title="Bring cups", **values):
    """Create a task; commit."""
    made = tasks.add(event, by=by, title=title, **values)
    db.session.commit()
    return made


def shift(event, by, title="At the door", capacity=1, begins=timedelta(), lasts=timedelta(hours=2)):
    """Create a shift that begins this long after the event's start; commit."""
    starts = time_zones.wall(event.starts_at + begins, event.zone)
    made = shifts.add(
        event, by=by, title=title, starts=starts, ends=starts + lasts, capacity=capacity
    )
    db.session.commit()
    return made


def board(event):
    """Return the titles by state, in their order, from the database."""
    db.session.flush()
    rows = (
        sa.select(EventTask.state, EventTask.title)
        .where(EventTask.event_id == event.id)
        .order_by(EventTask.position)
    )
    found = {"todo": [], "doing": [], "done": []}
    for state, title in db.session.execute(rows):
        found[state].append(title)
    return found


def in_shift(shift_id):
    """Return the people in the shift, after checking its counter."""
    db.session.flush()
    people = set(
        db.session.scalars(sa.select(ShiftClaim.user_id).where(ShiftClaim.shift_id == shift_id))
    )
    assert db.session.scalar(sa.select(EventShift.taken).where(EventShift.id == shift_id)) == len(
        people
    )
    return people


def notified(user):
    """Return the kinds of someone's notifications about tasks and shifts, oldest first."""
    lines = (
        sa.select(Notification.kind)
        .where(Notification.user_id == user.id)
        .order_by(Notification.created_at, Notification.id)
    )
    return [kind for kind in db.session.scalars(lines) if kind.startswith(("task.", "shift."))]
