"""What people write about themselves."""

import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..accounts.models import User
from ..core.db.base import Entity, foreign_key
from ..core.extensions import db
from ..groups.models import Category

interest = sa.Table(
    "interest",
    db.metadata,
    sa.Column("user_id", sa.ForeignKey("profile.user_id", ondelete="CASCADE"), primary_key=True),
    sa.Column(
        "category_id",
        sa.ForeignKey("category.id", ondelete="CASCADE"),
        primary_key=True,
        index=True,
    ),
)


class Profile(Entity, db.Model):
    """The texts of a profile; the row is created when someone first saves them.

    The account stores who sees it.
    """

    __tablename__ = "profile"

    user_id: Mapped[uuid.UUID] = foreign_key("user.id", unique=True)
    bio: Mapped[str] = mapped_column(sa.Text, default="")
    links: Mapped[list[Any]] = mapped_column(sa.JSON, default=list)
    shows_groups: Mapped[bool] = mapped_column(default=False)

    user: Mapped[User] = relationship()
    interests: Mapped[list[Category]] = relationship(secondary=interest, order_by=Category.name)
