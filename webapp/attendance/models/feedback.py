"""How people found an event, and what they wrote to its hosts."""

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...accounts.models import User
from ...core.db.session import Entity
from ...core.extensions import db
from ...events.models.event import Event
from ...events.models.rsvp import GONE, Gone, Guest


class Feedback(db.Model):
    """Stars and a comment of one who was there; `decisions/0037`.

    `tag` finds the row of someone who comes back to change it, and cannot be made by anybody who
    has not the site's key; it goes when nothing can be changed any more. Where feedback is
    anonymous nothing else leads to the person: no name, no moment, no number that counts up, and
    hosts see `shown_stars` and `shown_comment`, which follow in bundles.
    """

    __tablename__ = "feedback"
    __table_args__ = (
        sa.UniqueConstraint("event_id", "tag"),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name="stars"),
        sa.CheckConstraint("user_id IS NULL OR guest_id IS NULL", name="who"),
        {"sqlite_with_rowid": False},  # a row's number would say which came first
    )

    #: by chance alone: other ids are ordered by time
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    event_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("event.id", ondelete="CASCADE"))
    tag: Mapped[str | None] = mapped_column(sa.String(64))
    user_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("user.id", ondelete="SET NULL"), index=True
    )
    guest_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("guest.id", ondelete="SET NULL"), index=True
    )
    stars: Mapped[int]
    comment: Mapped[str] = mapped_column(sa.Text, default="")
    shown_stars: Mapped[int | None]
    shown_comment: Mapped[str] = mapped_column(sa.Text, default="")

    event: Mapped[Event] = relationship()
    user: Mapped[User | None] = relationship()
    guest: Mapped[Guest | None] = relationship()

    @property
    def is_pending(self) -> bool:
        """Whether hosts have not been told of it as it is now."""
        return (self.stars, self.comment) != (self.shown_stars, self.shown_comment)


class HostMessage(Entity, db.Model):
    """What someone, with an account or a guest, wrote to an event's hosts: kept until it is
    surely delivered, then forgotten.
    """

    __tablename__ = "host_message"
    __table_args__ = (sa.CheckConstraint("(user_id IS NULL) <> (guest_id IS NULL)", name="who"),)

    event_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("event.id", ondelete="CASCADE"), index=True
    )
    user_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("user.id", ondelete="CASCADE"), index=True
    )
    guest_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("guest.id", ondelete="CASCADE"), index=True
    )
    body: Mapped[str] = mapped_column(sa.Text)

    event: Mapped[Event] = relationship()
    user: Mapped[User | None] = relationship()
    guest: Mapped[Guest | None] = relationship()

    @property
    def who(self) -> User | Guest | Gone:
        """Whose words they are."""
        return self.user or self.guest or GONE
