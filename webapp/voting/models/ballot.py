"""The electoral roll, and the ballots.

A secret vote's ballots are kept apart from who cast them; docs/decisions/0045 says what its tables
hold and what they don't.
"""

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...accounts.models import User
from ...core.db.session import Entity, foreign_key, one_of
from ...core.extensions import db


class Voter(Entity, db.Model):
    """A line of the roll: this person may vote in this vote, unless they left the group before they
    did.

    The roll is frozen at opening: lines are never added or taken away afterwards. Where the vote
    says so it is frozen at closing, and goes until then with those whom the vote is for
    (`roll.follow`).
    """

    __tablename__ = "voter"
    __table_args__ = (sa.UniqueConstraint("vote_id", "user_id"),)

    vote_id: Mapped[uuid.UUID] = foreign_key("vote.id")
    user_id: Mapped[uuid.UUID] = foreign_key("user.id", index=True)
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

    vote_id: Mapped[uuid.UUID] = foreign_key("vote.id")
    user_id: Mapped[uuid.UUID] = foreign_key("user.id", index=True)
    choice: Mapped[str] = mapped_column(sa.String(500))
    reason: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    changed_at: Mapped[datetime]


class Invitee(Entity, db.Model):
    """Someone whom a vote among invited people is for: `by_id` picked them.

    The roll is written from these.
    """

    __tablename__ = "vote_invitee"
    __table_args__ = (sa.UniqueConstraint("vote_id", "user_id"),)

    vote_id: Mapped[uuid.UUID] = foreign_key("vote.id")
    user_id: Mapped[uuid.UUID] = foreign_key("user.id", index=True)
    by_id: Mapped[uuid.UUID | None] = foreign_key("user.id", ondelete="SET NULL", index=True)

    user: Mapped[User] = relationship(foreign_keys=user_id)


LINKS = ("open", "mix", "extend", "close")
#: No row of such a table has a number that tells when it came.
WITHOUT_ROWID = {"sqlite_with_rowid": False}


class SecretRoll(db.Model):
    """Whether someone on the roll has voted: a row for each from opening on, written again at every
    mix.

    Not bound to `user`: a row that is written again would lock the person's.
    """

    __tablename__ = "secret_roll"
    __table_args__ = WITHOUT_ROWID

    vote_id: Mapped[uuid.UUID] = foreign_key("vote.id", primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    voted: Mapped[bool] = mapped_column(default=False)


class SecretBallot(db.Model):
    """What someone chose, under a name that only their key makes, with what proves that it stands
    as they cast it.

    No person, no time, no number. `is_fresh`: it came or changed since the last link of the chain
    was written.
    """

    __tablename__ = "secret_ballot"
    __table_args__ = WITHOUT_ROWID

    vote_id: Mapped[uuid.UUID] = foreign_key("vote.id", primary_key=True)
    tracker: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    choice: Mapped[str] = mapped_column(sa.String(500))
    commitment: Mapped[str] = mapped_column(sa.String(64))
    is_fresh: Mapped[bool] = mapped_column(default=True)


class SecretLink(db.Model):
    """A link of the vote's chain, as `secret.chain` makes it. No moment stands beside it.

    `salt`: what a checkpoint's root was made with beside the ballots, until the vote is counted:
    anyone who knew all ballots could else find out by trying which of them were there already.
    """

    __tablename__ = "secret_link"
    __table_args__ = (one_of("kind", LINKS), WITHOUT_ROWID)

    vote_id: Mapped[uuid.UUID] = foreign_key("vote.id", primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(sa.String(10))
    n: Mapped[int]
    root: Mapped[str] = mapped_column(sa.String(64))
    prev: Mapped[str] = mapped_column(sa.String(64))
    hash: Mapped[str] = mapped_column(sa.String(64))
    salt: Mapped[str] = mapped_column(sa.String(32), default="")


def ballot_is_in(vote_id: Any, user_id: Any) -> sa.ColumnElement[bool]:
    """The condition that this person has cast a ballot in this vote, secret or not; for ids, or
    for columns that hold them.
    """
    named = sa.exists().where(Ballot.vote_id == vote_id, Ballot.user_id == user_id)
    return sa.or_(
        named,
        sa.exists().where(
            SecretRoll.vote_id == vote_id, SecretRoll.user_id == user_id, SecretRoll.voted
        ),
    )
