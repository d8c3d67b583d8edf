"""A secret vote's ballots, apart from who cast them.

What is in these tables, and what is not, is docs/decisions/0045.
"""

import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ...core.extensions import db
from .ballot import Ballot
from .vote import one_of

LINKS = ("open", "mix", "extend", "close")
#: No row of such a table has a number that tells when it came.
WITHOUT_ROWID = {"sqlite_with_rowid": False}


class SecretRoll(db.Model):
    """Whether somebody on the roll has voted: a row for each from opening on, written anew at every
    mix.

    Not bound to `user`: a row that is written anew would lock the person's.
    """

    __tablename__ = "secret_roll"
    __table_args__ = WITHOUT_ROWID

    vote_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("vote.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    voted: Mapped[bool] = mapped_column(default=False)


class SecretBallot(db.Model):
    """What somebody chose, under a name that only their key makes, with what proves that it stands
    as they cast it.

    No person, no time, no number. `is_fresh`: it came or changed since the last link of the chain
    was written.
    """

    __tablename__ = "secret_ballot"
    __table_args__ = WITHOUT_ROWID

    vote_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("vote.id", ondelete="CASCADE"), primary_key=True
    )
    tracker: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    choice: Mapped[str] = mapped_column(sa.String(500))
    commitment: Mapped[str] = mapped_column(sa.String(64))
    is_fresh: Mapped[bool] = mapped_column(default=True)


class SecretLink(db.Model):
    """A link of the vote's chain, as `secret.chain` makes it. No moment stands beside it.

    `salt`: what a checkpoint's root was made with beside the ballots, until the vote is counted:
    whoever knew all ballots could else find out by trying which of them were there already.
    """

    __tablename__ = "secret_link"
    __table_args__ = (sa.CheckConstraint(one_of("kind", LINKS), name="kind"), WITHOUT_ROWID)

    vote_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("vote.id", ondelete="CASCADE"), primary_key=True
    )
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
