"""What is done for many people of a vote, slice by slice."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...accounts.models import User
from ...core.db.session import Entity
from ...core.extensions import db
from .vote import Vote, one_of

#: Those on the roll are told that voting has opened, that it has ended, that it was cancelled;
#: those who have not voted are reminded, by the clock or because someone asks; the outcome is
#: told; answers of a date poll become answers to its event.
OPENED, ENDED, CALLED_OFF, REMINDER, NUDGE, OUTCOME, ANSWERS = ERRANDS = (
    *("opened", "ended", "called_off", "reminder", "nudge", "outcome", "answers"),
)


class Errand(Entity, db.Model):
    """One errand: `done` people so far, `after` is where the last slice ended. `closes_at`: a
    reminder names the closing time that it speaks of, and there is one for each."""

    __tablename__ = "vote_errand"
    __table_args__ = (
        sa.UniqueConstraint("vote_id", "kind", "closes_at"),
        sa.CheckConstraint(one_of("kind", ERRANDS), name="kind"),
        sa.CheckConstraint("(kind = 'reminder') = (closes_at IS NOT NULL)", name="closes_at"),
        sa.Index("ix_vote_errand_vote_id_created_at", "vote_id", "created_at"),
        sa.Index(
            "ix_vote_errand_due",
            "created_at",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )

    vote_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("vote.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(sa.String(10))
    by_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("user.id", ondelete="SET NULL"), index=True
    )
    closes_at: Mapped[datetime | None]
    after: Mapped[uuid.UUID | None]
    done: Mapped[int] = mapped_column(default=0, server_default="0")
    begun_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    vote: Mapped[Vote] = relationship()
    by: Mapped[User | None] = relationship()
