"""Check-ins, feedback and messages to hosts."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..accounts.models import User
from ..core.db.base import Entity, foreign_key
from ..core.extensions import db
from ..events.models.event import Event
from ..events.models.rsvp import Rsvp
from ..events.models.waitlist import OfUserOrGuest


class Attendance(db.Model):
    """How many of a party came, since when, and how many are inside: the sum of its check-in
    events.

    A party of which nobody came has no row.
    """

    __tablename__ = "attendance"
    __table_args__ = (
        sa.CheckConstraint("arrived > 0 AND inside BETWEEN 0 AND arrived", name="inside"),
        # The live count reads this index only.
        sa.Index("ix_attendance_event_id_arrived_inside", "event_id", "arrived", "inside"),
    )

    rsvp_id: Mapped[uuid.UUID] = foreign_key("rsvp.id", primary_key=True)
    event_id: Mapped[uuid.UUID] = foreign_key("event.id")
    arrived: Mapped[int]
    inside: Mapped[int]
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]

    rsvp: Mapped[Rsvp] = relationship(viewonly=True)


class CheckInEvent(Entity, db.Model):
    """A host let `people` of a party in or out; `undone_at`: it was a mistake and doesn't count."""

    __tablename__ = "check_in_event"
    __table_args__ = (
        sa.CheckConstraint("people BETWEEN 1 AND 21", name="people"),
        sa.Index("ix_check_in_event_event_id_id", "event_id", "id"),
    )

    event_id: Mapped[uuid.UUID] = foreign_key("event.id")
    rsvp_id: Mapped[uuid.UUID] = foreign_key("rsvp.id", index=True)
    by_id: Mapped[uuid.UUID | None] = foreign_key("user.id", ondelete="SET NULL", index=True)
    is_in: Mapped[bool]
    people: Mapped[int]
    undone_at: Mapped[datetime | None]

    rsvp: Mapped[Rsvp] = relationship(viewonly=True)
    by: Mapped[User | None] = relationship()


Rsvp.attendance = relationship(Attendance, viewonly=True, uselist=False)


class Feedback(OfUserOrGuest, db.Model):
    """An attendee's stars and comment; `decisions/0037`.

    `tag` finds the row of someone who comes back to change it. It can't be computed without the
    site's key, and is cleared once nothing can change any more. For anonymous feedback nothing else
    leads to the person: no name, no time, no sequential number. Hosts see `shown_stars` and
    `shown_comment`, which are updated in batches.
    """

    __tablename__ = "feedback"
    __table_args__ = (
        sa.UniqueConstraint("event_id", "tag"),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name="stars"),
        sa.CheckConstraint("user_id IS NULL OR guest_id IS NULL", name="who"),
        {"sqlite_with_rowid": False},  # row numbers would reveal the order
    )

    #: Random: other ids are ordered by time.
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    event_id: Mapped[uuid.UUID] = foreign_key("event.id")
    tag: Mapped[str | None] = mapped_column(sa.String(64))
    user_id: Mapped[uuid.UUID | None] = foreign_key("user.id", ondelete="SET NULL", index=True)
    guest_id: Mapped[uuid.UUID | None] = foreign_key("guest.id", ondelete="SET NULL", index=True)
    stars: Mapped[int]
    comment: Mapped[str] = mapped_column(sa.Text, default="")
    shown_stars: Mapped[int | None]
    shown_comment: Mapped[str] = mapped_column(sa.Text, default="")

    event: Mapped[Event] = relationship()

    @property
    def is_pending(self) -> bool:
        """Whether hosts haven't been shown its current version."""
        return (self.stars, self.comment) != (self.shown_stars, self.shown_comment)


class HostMessage(OfUserOrGuest, Entity, db.Model):
    """A message to an event's hosts from an account or a guest. Kept until delivery, then
    deleted.
    """

    __tablename__ = "host_message"
    __table_args__ = (sa.CheckConstraint("(user_id IS NULL) <> (guest_id IS NULL)", name="who"),)

    event_id: Mapped[uuid.UUID] = foreign_key("event.id", index=True)
    user_id: Mapped[uuid.UUID | None] = foreign_key("user.id", index=True)
    guest_id: Mapped[uuid.UUID | None] = foreign_key("guest.id", index=True)
    body: Mapped[str] = mapped_column(sa.Text)

    event: Mapped[Event] = relationship()
