"""The secret addresses at which calendar programs read what somebody goes to, or what a group
plans.
"""

import uuid
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...accounts.models import User
from ...core import ids
from ...core.database import Entity
from ...core.extensions import db
from ...groups.models import Group

_OWN = sa.text("group_id IS NULL")


class CalendarFeed(Entity, db.Model):
    """One person's calendar: their own events, or those of a group as they see it. With another
    nonce its address is dead.

    `digest` stands for what was read last, and `changed_at` says since when that has been so.
    """

    __tablename__ = "calendar_feed"
    __table_args__ = (
        sa.UniqueConstraint("user_id", "group_id"),
        sa.Index(
            "ix_calendar_feed_own", "user_id", unique=True, sqlite_where=_OWN, postgresql_where=_OWN
        ),
    )

    user_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"))
    group_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("group.id", ondelete="CASCADE"), index=True
    )
    nonce: Mapped[str] = mapped_column(sa.String(24), default=ids.nonce)
    read_on: Mapped[date | None]
    digest: Mapped[str] = mapped_column(sa.String(32), default="")
    changed_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()
    group: Mapped[Group | None] = relationship()

    def renew_nonce(self) -> None:
        """Its address is another one; the one of before leads nowhere."""
        self.nonce = ids.nonce()
