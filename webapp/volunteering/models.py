"""What an event needs done: tasks on a board, and shifts with places."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..accounts.models import User
from ..core.db.base import Entity, foreign_key, one_of
from ..core.extensions import db
from ..events.models.event import Event

TODO, DOING, DONE = TASK_STATES = ("todo", "doing", "done")


class EventTask(Entity, db.Model):
    """A task for one person. `position` orders the tasks of one state; it may have gaps.
    `reminded_at`: when its person was reminded; None again with another person or due date.
    """

    __tablename__ = "event_task"
    __table_args__ = (
        sa.UniqueConstraint("event_id", "state", "position"),
        one_of("state", ("todo", "doing", "done")),
        sa.Index("ix_event_task_assignee_id", "assignee_id", "event_id"),
        sa.Index("ix_event_task_due_at", "due_at"),
    )

    event_id: Mapped[uuid.UUID] = foreign_key("event.id")
    title: Mapped[str] = mapped_column(sa.String(120))
    description: Mapped[str] = mapped_column(sa.Text, default="")
    state: Mapped[str] = mapped_column(sa.String(5), default=TODO)
    position: Mapped[int]
    assignee_id: Mapped[uuid.UUID | None] = foreign_key("user.id", ondelete="SET NULL")
    due_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    event: Mapped[Event] = relationship()
    assignee: Mapped[User | None] = relationship()


class EventShift(Entity, db.Model):
    """Hours for which a number of people are needed.
    `taken` counts the claims, and changes with them under the event's lock.
    """

    __tablename__ = "event_shift"
    __table_args__ = (
        sa.CheckConstraint("starts_at < ends_at", name="times"),
        sa.CheckConstraint("capacity BETWEEN 1 AND 200", name="capacity"),
        sa.CheckConstraint("taken BETWEEN 0 AND capacity", name="taken"),
        sa.Index("ix_event_shift_event_id", "event_id", "starts_at"),
    )

    event_id: Mapped[uuid.UUID] = foreign_key("event.id")
    title: Mapped[str] = mapped_column(sa.String(120))
    description: Mapped[str] = mapped_column(sa.Text, default="")
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    capacity: Mapped[int] = mapped_column(default=1)
    taken: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)

    event: Mapped[Event] = relationship()


class ShiftClaim(Entity, db.Model):
    """Someone's place in a shift. `reminded_at`: when they were reminded of its start."""

    __tablename__ = "shift_claim"
    __table_args__ = (sa.UniqueConstraint("shift_id", "user_id"),)

    shift_id: Mapped[uuid.UUID] = foreign_key("event_shift.id")
    user_id: Mapped[uuid.UUID] = foreign_key("user.id", index=True)
    reminded_at: Mapped[datetime | None]

    shift: Mapped[EventShift] = relationship()
    user: Mapped[User] = relationship()
