"""Notices to many people about an event, and invitations by its hosts."""

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, contains_eager, foreign, mapped_column, relationship

from ...accounts.models import User
from ...core.db.base import Entity, foreign_key
from ...core.extensions import db
from ...core.jobs.fan_out import FanOut
from ...mail.models import OutgoingEmail
from .event import Event

#: Notices by the site; DAY and HOUR are reminders before the start.
PUBLISHED, CHANGED, CANCELLED, RESUMED, HIDDEN, SHOWN = (
    "published",
    "changed",
    "cancelled",
    "resumed",
    "hidden",
    "shown",
)
DAY, HOUR = REMINDERS = ("day", "hour")
#: After the end: how was it?
FEEDBACK = "feedback"
#: Notices by hosts: to people who answered, to chosen invitees, and to all members who haven't
#: answered.
MESSAGE, INVITED, MEMBERS = WRITTEN = ("message", "invited", "members")
#: About a session of the agenda: a new time or room, or its cancellation.
SESSION = "session"


class EventNotice(Entity, db.Model):
    """A notice to many people about an event; its fan-out holds the progress, until it is deleted.

    `total` is the number of recipients. `words` holds what the kind needs: of a change the earlier
    state, of a message its recipients, of a session which one. Reminders and requests for feedback
    store the start they refer to, so that there is one of each.
    """

    __tablename__ = "event_news"
    __table_args__ = (
        sa.UniqueConstraint("event_id", "kind", "starts_at"),
        sa.CheckConstraint(
            "kind IN ('published', 'changed', 'cancelled', 'resumed', 'hidden', 'shown', 'day',"
            " 'hour', 'feedback', 'message', 'invited', 'members', 'session')",
            name="kind",
        ),
        sa.CheckConstraint(
            "(kind IN ('day', 'hour', 'feedback')) = (starts_at IS NOT NULL)", name="starts_at"
        ),
        sa.CheckConstraint("total >= 0", name="total"),
        sa.Index("ix_event_news_event_id_created_at", "event_id", "created_at"),
    )

    event_id: Mapped[uuid.UUID] = foreign_key("event.id")
    kind: Mapped[str] = mapped_column(sa.String(10))
    by_id: Mapped[uuid.UUID | None] = foreign_key("user.id", ondelete="SET NULL", index=True)
    subject: Mapped[str] = mapped_column(sa.String(120), default="")
    body: Mapped[str] = mapped_column(sa.Text, default="")
    #: Whether replies go to the sender's address.
    replies_to_sender: Mapped[bool] = mapped_column(default=False)
    words: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    starts_at: Mapped[datetime | None]
    total: Mapped[int] = mapped_column(default=0)

    event: Mapped[Event] = relationship()
    by: Mapped[User | None] = relationship()
    fan_out: Mapped[FanOut | None] = relationship(
        primaryjoin=lambda: foreign(FanOut.subject_id) == EventNotice.id,
        viewonly=True,
        uselist=False,
    )

    @property
    def notified(self) -> int:
        """Return how many people have been notified."""
        return self.fan_out.done if self.fan_out is not None else self.total

    @property
    def is_running(self) -> bool:
        """Whether sending isn't finished."""
        return self.fan_out is not None and self.fan_out.ended_at is None

    @property
    def is_waiting(self) -> bool:
        """Whether sending hasn't begun, so that it can still be withdrawn."""
        return self.fan_out is not None and self.is_running and self.fan_out.begun_at is None


def running(event: Event, *kinds: str) -> sa.Select[Any]:
    """Select the unfinished notices of these kinds, with their fan-outs."""
    query = (
        sa.select(EventNotice)
        .join(EventNotice.fan_out)
        .options(contains_eager(EventNotice.fan_out))
    )
    of_event = (EventNotice.event_id == event.id, EventNotice.kind.in_(kinds))
    return query.where(*of_event, FanOut.ended_at.is_(None))


def waiting(event: Event, kind: str) -> sa.Select[Any]:
    """Select the notices of this kind whose sending hasn't begun."""
    return running(event, kind).where(FanOut.begun_at.is_(None))


class EventInvitation(Entity, db.Model):
    """An invitation to an event, of a member of its group or of an email address.

    `sent_at` is when it was sent. It grants no access.
    """

    __tablename__ = "event_invitation"
    __table_args__ = (
        sa.UniqueConstraint("event_id", "user_id"),
        sa.UniqueConstraint("event_id", "address_hash"),
        sa.CheckConstraint("(user_id IS NULL) <> (address_hash IS NULL)", name="whom"),
        sa.CheckConstraint(
            "email IS NULL OR (address_hash IS NOT NULL AND email = lower(email))", name="email"
        ),
        sa.Index("ix_event_invitation_event_id_id", "event_id", "id"),
    )

    event_id: Mapped[uuid.UUID] = foreign_key("event.id")
    news_id: Mapped[uuid.UUID] = foreign_key("event_news.id", index=True)
    by_id: Mapped[uuid.UUID] = foreign_key("user.id", index=True)
    user_id: Mapped[uuid.UUID | None] = foreign_key("user.id", index=True)
    email: Mapped[str | None] = mapped_column(sa.String(254), index=True)
    address_hash: Mapped[str | None] = mapped_column(sa.String(64))
    sent_at: Mapped[datetime | None]
    outgoing_email_id: Mapped[uuid.UUID | None] = foreign_key(
        "outgoing_email.id", ondelete="SET NULL", index=True
    )

    event: Mapped[Event] = relationship()
    notice: Mapped[EventNotice] = relationship()
    by: Mapped[User] = relationship(foreign_keys=by_id)
    user: Mapped[User | None] = relationship(foreign_keys=user_id)
    outgoing_email: Mapped[OutgoingEmail | None] = relationship()
