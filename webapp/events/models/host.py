"""Who is asked to run an event."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...accounts.models import User
from ...core.database import Entity
from ...core.extensions import db
from .event import Event


class HostInvitation(Entity, db.Model):
    """A host asks somebody, of the event's group or of none, to run it with them. The row goes with
    the answer, and with whatever ends the invitation."""

    __tablename__ = "host_invitation"
    __table_args__ = (
        sa.UniqueConstraint("event_id", "user_id"),
        sa.CheckConstraint("by_id <> user_id", name="another"),
    )

    event_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("event.id", ondelete="CASCADE"))
    user_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("user.id", ondelete="CASCADE"), index=True
    )
    by_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("user.id", ondelete="CASCADE"), index=True
    )
    expires_at: Mapped[datetime] = mapped_column(index=True)

    event: Mapped[Event] = relationship()
    user: Mapped[User] = relationship(foreign_keys=user_id)
    by: Mapped[User] = relationship(foreign_keys=by_id)
