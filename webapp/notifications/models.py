"""The inbox: what reached a person."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ..core.database import Entity
from ..core.extensions import db


class Notification(Entity, db.Model):
    """One line in a person's inbox.

    `scope` is opaque: lines of one scope are shown together. `about` names the group or event that it comes from.
    """

    __tablename__ = "notification"
    __table_args__ = (
        sa.Index("ix_notification_user_id_created_at", "user_id", "created_at", "id"),
        sa.Index(
            "ix_notification_unread",
            "user_id",
            sqlite_where=sa.text("read_at IS NULL"),
            postgresql_where=sa.text("read_at IS NULL"),
        ),
    )

    user_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(sa.String(40))
    scope: Mapped[str | None] = mapped_column(sa.String(80))
    about: Mapped[str | None] = mapped_column(sa.String(120))
    label: Mapped[str] = mapped_column(sa.String(300))
    url: Mapped[str] = mapped_column(sa.String(300))
    read_at: Mapped[datetime | None]
