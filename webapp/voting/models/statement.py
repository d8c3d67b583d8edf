"""What follows from a vote, in the words of whoever runs it."""

import uuid
from datetime import date, datetime, time

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...accounts.models import User
from ...core import times
from ...core.database import Entity
from ...core.extensions import db
from .vote import Vote

#: People are reminded of a day in its morning.
IN_THE_MORNING = time(9)


class Statement(Entity, db.Model):
    """The outcome of a vote that has closed: those on its roll were told it once.

    On `review_on`, a day by the vote's clocks, whoever runs the vote looks again at what was
    decided; `reminded_at` is when they were reminded of that.
    """

    __tablename__ = "vote_statement"
    __table_args__ = (
        sa.UniqueConstraint("vote_id"),
        sa.Index(
            "ix_vote_statement_review_on",
            "review_on",
            sqlite_where=sa.text("reminded_at IS NULL"),
            postgresql_where=sa.text("reminded_at IS NULL"),
        ),
    )

    vote_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("vote.id", ondelete="CASCADE"))
    by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("user.id"), index=True)
    body: Mapped[str] = mapped_column(sa.Text)
    review_on: Mapped[date | None]
    reminded_at: Mapped[datetime | None]
    changed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    vote: Mapped[Vote] = relationship()
    by: Mapped[User] = relationship()

    @property
    def review_at(self) -> datetime | None:
        """The morning of the day on which it is looked at again."""
        if self.review_on is None:
            return None
        wall = times.existing(datetime.combine(self.review_on, IN_THE_MORNING), self.vote.zone)
        return times.to_utc(wall, self.vote.zone, fold=0)
