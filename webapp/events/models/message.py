"""What people write to an event's hosts."""

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...accounts.models import User
from ...core.database import Entity
from ...core.extensions import db
from .event import Event


class HostMessage(Entity, db.Model):
    """What someone wrote to an event's hosts: kept until it is surely delivered, then forgotten."""

    __tablename__ = "host_message"

    event_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("event.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), index=True)
    body: Mapped[str] = mapped_column(sa.Text)

    event: Mapped[Event] = relationship()
    user: Mapped[User] = relationship()
