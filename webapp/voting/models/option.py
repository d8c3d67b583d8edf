"""What a vote lets one choose from."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ...core.database import Entity
from ...core.extensions import db


class Option(Entity, db.Model):
    """What one may choose, numbered from 1 as frozen at the first ballot; of a date poll, from
    when to when.
    """

    __tablename__ = "option"
    __table_args__ = (
        sa.UniqueConstraint("vote_id", "number"),
        sa.CheckConstraint("number BETWEEN 1 AND 50", name="number"),
        sa.CheckConstraint("(starts_at IS NULL) = (ends_at IS NULL)", name="span"),
        sa.CheckConstraint("starts_at < ends_at", name="times"),
    )

    vote_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("vote.id", ondelete="CASCADE"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(160))
    description: Mapped[str] = mapped_column(sa.String(500), default="")
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
