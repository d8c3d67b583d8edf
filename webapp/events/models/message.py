"""What people write to an event's hosts."""

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...accounts.models import User
from ...core.database import Entity
from ...core.extensions import db
from .event import Event
from .guest import GONE, Gone, Guest


class HostMessage(Entity, db.Model):
    """What somebody, with an account or a guest, wrote to an event's hosts: kept until it is
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
