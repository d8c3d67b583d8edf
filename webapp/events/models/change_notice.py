"""What many people are told about an event, and whom its hosts have invited."""

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, contains_eager, foreign, mapped_column, relationship

from ...accounts.models import User
from ...core.db.session import Entity, foreign_key
from ...core.extensions import db
from ...core.jobs.fan_out import FanOut
from ...mail.models import OutgoingEmail
from .event import Event

#: what the site says by itself: the last two before the start
STANDING = ("published", "changed", "cancelled", "resumed", "hidden", "shown")
PUBLISHED, CHANGED, CANCELLED, RESUMED, HIDDEN, SHOWN = STANDING
DAY, HOUR = REMINDERS = ("day", "hour")
#: after the end: how was it?
FEEDBACK = "feedback"
#: what hosts say: to those who answered, to those whom they invite one by one, and to every member
#: without an answer
MESSAGE, INVITED, MEMBERS = WRITTEN = ("message", "invited", "members")
#: of a session of its agenda: another time or room, or that it is cancelled
SESSION = "session"


class EventNews(Entity, db.Model):
    """Something that many are told about an event; its fan-out is how far that is, as long as it is
    kept.

    `total` is how many it is for. `words` holds what the kind needs: of a change how it was before,
    of a message whom it is for, of a session which. Reminders, and the question how it was, name
    the start that they speak of: there is one of each.
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
    #: whether who gets it answers to the address of the person who wrote it
    replies_to_sender: Mapped[bool] = mapped_column(default=False)
    words: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    starts_at: Mapped[datetime | None]
    total: Mapped[int] = mapped_column(default=0)

    event: Mapped[Event] = relationship()
    by: Mapped[User | None] = relationship()
    fan_out: Mapped[FanOut | None] = relationship(
        primaryjoin=lambda: foreign(FanOut.subject_id) == EventNews.id, viewonly=True, uselist=False
    )

    @property
    def notified(self) -> int:
        """How many have been told."""
        return self.fan_out.done if self.fan_out is not None else self.total

    @property
    def is_running(self) -> bool:
        """Whether people are still to be told."""
        return self.fan_out is not None and self.fan_out.ended_at is None

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has been told yet, and it can still be taken back."""
        return self.fan_out is not None and self.is_running and self.fan_out.begun_at is None


def running(event: Event, *kinds: str) -> sa.Select[Any]:
    """The news of these kinds that people are still to be told, with their fan-outs."""
    query = sa.select(EventNews).join(EventNews.fan_out).options(contains_eager(EventNews.fan_out))
    of_event = (EventNews.event_id == event.id, EventNews.kind.in_(kinds))
    return query.where(*of_event, FanOut.ended_at.is_(None))


def waiting(event: Event, kind: str) -> sa.Select[Any]:
    """The news of this kind of which nobody has been told yet."""
    return running(event, kind).where(FanOut.begun_at.is_(None))


class EventInvitation(Entity, db.Model):
    """A host has invited someone to an event: a member of its group, or the reader of the email at
    `email`.

    `sent_at` is when they were told. It opens no door: who may see the event may see it without.
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
    news: Mapped[EventNews] = relationship()
    by: Mapped[User] = relationship(foreign_keys=by_id)
    user: Mapped[User | None] = relationship(foreign_keys=user_id)
    outgoing_email: Mapped[OutgoingEmail | None] = relationship()
