"""The outbox: emails to render and deliver."""

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ..core.db.base import Entity, one_of
from ..core.extensions import db

QUEUED, SENDING, SENT, DROPPED, DEAD = STATES = ("queued", "sending", "sent", "dropped", "dead")


class OutgoingEmail(Entity, db.Model):
    """An email to one address: its template and the ids it refers to, never its text or a
    secret.
    """

    __tablename__ = "outgoing_email"
    __table_args__ = (
        one_of("state", ("queued", "sending", "sent", "dropped", "dead")),
        sa.CheckConstraint("attempts >= 0", name="attempts"),
        sa.Index("ix_outgoing_email_state_due_at", "state", "due_at"),
    )

    template: Mapped[str] = mapped_column(sa.String(60))
    address: Mapped[str] = mapped_column(sa.String(254))
    locale: Mapped[str] = mapped_column(sa.String(10), default="en")
    ids: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    message_id: Mapped[str] = mapped_column(sa.String(120), unique=True)
    state: Mapped[str] = mapped_column(sa.String(10), default=QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(default=sa.func.now())
    leased_until: Mapped[datetime | None]
    lease: Mapped[uuid.UUID | None]
    #: when it was sent, dropped or became undeliverable
    ended_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(sa.String(300), default="")
