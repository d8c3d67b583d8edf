"""Who came to an event, and everything that happened at its door."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...accounts.models import User
from ...core.db.session import Entity
from ...core.extensions import db
from ...events.models.rsvp import Rsvp


class Attendance(db.Model):
    """How many of a party have come, since when, and how many of them are inside now: what its
    steps at the door come to.

    There is no such row for a party of which nobody has come.
    """

    __tablename__ = "attendance"
    __table_args__ = (
        sa.CheckConstraint("arrived > 0 AND inside BETWEEN 0 AND arrived", name="inside"),
        # the live count, from the index alone
        sa.Index("ix_attendance_event_id_arrived_inside", "event_id", "arrived", "inside"),
    )

    rsvp_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("rsvp.id", ondelete="CASCADE"), primary_key=True
    )
    event_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("event.id", ondelete="CASCADE"))
    arrived: Mapped[int]
    inside: Mapped[int]
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]

    rsvp: Mapped[Rsvp] = relationship(viewonly=True)


class CheckInEvent(Entity, db.Model):
    """So many of a party were let in, or out, by a host; `undone_at`: it was a mistake, and
    counts for nothing.
    """

    __tablename__ = "check_in_event"
    __table_args__ = (
        sa.CheckConstraint("people BETWEEN 1 AND 21", name="people"),
        sa.Index("ix_check_in_event_event_id_id", "event_id", "id"),
    )

    event_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("event.id", ondelete="CASCADE"))
    rsvp_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("rsvp.id", ondelete="CASCADE"), index=True
    )
    by_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("user.id", ondelete="SET NULL"), index=True
    )
    is_in: Mapped[bool]
    people: Mapped[int]
    undone_at: Mapped[datetime | None]

    rsvp: Mapped[Rsvp] = relationship(viewonly=True)
    by: Mapped[User | None] = relationship()


Rsvp.attendance = relationship(Attendance, viewonly=True, uselist=False)
