"""The roll of who may vote, and the ballots."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...accounts.models import User
from ...core.database import Entity
from ...core.extensions import db


class Voter(Entity, db.Model):
    """A line of the roll: this person may vote in this vote, unless they left the group before they
    did.

    The roll is frozen at opening: lines are never added or taken away afterwards. Where the vote
    says so it is frozen at closing, and goes until then with those whom the vote is for
    (`rolls.follow`).
    """

    __tablename__ = "voter"
    __table_args__ = (sa.UniqueConstraint("vote_id", "user_id"),)

    vote_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("vote.id", ondelete="CASCADE"))
    user_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("user.id", ondelete="CASCADE"), index=True
    )
    left_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()


class Ballot(Entity, db.Model):
    """What one voter chose, as the choice string of its kind (`choices`): `3`, `1+4`, `1:5 3:2`;
    nothing for a blank.

    `reason` says why, in their own words, where the vote asks for that.
    """

    __tablename__ = "ballot"
    __table_args__ = (
        sa.UniqueConstraint("vote_id", "user_id"),
        sa.Index("ix_ballot_vote_id_choice", "vote_id", "choice"),
    )

    vote_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("vote.id", ondelete="CASCADE"))
    user_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("user.id", ondelete="CASCADE"), index=True
    )
    choice: Mapped[str] = mapped_column(sa.String(500))
    reason: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    changed_at: Mapped[datetime]


class Invitee(Entity, db.Model):
    """Somebody whom a vote among invited people is for: `by_id` picked them.

    The roll is written from these.
    """

    __tablename__ = "vote_invitee"
    __table_args__ = (sa.UniqueConstraint("vote_id", "user_id"),)

    vote_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("vote.id", ondelete="CASCADE"))
    user_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("user.id", ondelete="CASCADE"), index=True
    )
    by_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("user.id", ondelete="SET NULL"), index=True
    )

    user: Mapped[User] = relationship(foreign_keys=user_id)
