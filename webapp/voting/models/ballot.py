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
from ...core.db.base import Entity, foreign_key, one_of
from ...core.extensions import db


class Voter(Entity, db.Model):
    """An entry on the electoral roll: this person may vote, unless they left the group before
    voting.

    `left_at`: since when they can't vote. `left_by_choice`: they left the group or closed their
    account themselves, whether they had voted or not, so that it doesn't reveal who has.
    The roll is frozen at opening: entries are never added or removed afterwards. If the vote says
    so it's frozen at closing, and until then follows the electorate (`roll.follow`).
    """

    __tablename__ = "voter"
    __table_args__ = (sa.UniqueConstraint("vote_id", "user_id"),)

    vote_id: Mapped[uuid.UUID] = foreign_key("vote.id")
    user_id: Mapped[uuid.UUID] = foreign_key("user.id", index=True)
    left_at: Mapped[datetime | None]
    left_by_choice: Mapped[bool] = mapped_column(default=False, server_default=sa.false())

    user: Mapped[User] = relationship()


class Ballot(Entity, db.Model):
    """One voter's choice, as a choice string of the vote's kind (`choices`): `3`, `1+4`, `1:5 3:2`.
    A blank ballot is the empty string.

    `reason`: the voter's own explanation, if the vote asks for one.
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
    """Someone entitled in a vote among invited people; `by_id` invited them.

    The electoral roll is written from these.
    """

    __tablename__ = "vote_invitee"
    __table_args__ = (sa.UniqueConstraint("vote_id", "user_id"),)

    vote_id: Mapped[uuid.UUID] = foreign_key("vote.id")
    user_id: Mapped[uuid.UUID] = foreign_key("user.id", index=True)
    by_id: Mapped[uuid.UUID | None] = foreign_key("user.id", ondelete="SET NULL", index=True)

    user: Mapped[User] = relationship(foreign_keys=user_id)


LINKS = ("open", "mix", "extend", "close")
#: Rows of these tables have no rowid, which would reveal their order of arrival.
WITHOUT_ROWID = {"sqlite_with_rowid": False}


class SecretRoll(db.Model):
    """Whether someone on the electoral roll has voted: a row for each voter from opening on,
    rewritten at every mix.

    Without a foreign key to `user`: rewriting a row would lock the person's row.
    """

    __tablename__ = "secret_roll"
    __table_args__ = WITHOUT_ROWID

    vote_id: Mapped[uuid.UUID] = foreign_key("vote.id", primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    voted: Mapped[bool] = mapped_column(default=False)


class SecretBallot(db.Model):
    """A secret ballot under a tracker that only the voter's key yields, with the commitment that
    proves it's unchanged.

    It holds no person, time or number. `is_fresh`: added or changed since the chain's last link.
    """

    __tablename__ = "secret_ballot"
    __table_args__ = WITHOUT_ROWID

    vote_id: Mapped[uuid.UUID] = foreign_key("vote.id", primary_key=True)
    tracker: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    choice: Mapped[str] = mapped_column(sa.String(500))
    commitment: Mapped[str] = mapped_column(sa.String(64))
    is_fresh: Mapped[bool] = mapped_column(default=True)


class SecretLink(db.Model):
    """A link of the vote's hash chain, as `secret.chain` makes it. It has no timestamp.

    `salt`: random input of a checkpoint's root, published only after counting. Without it, someone
    who knows all ballots could find out by trial which were cast before the checkpoint.
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
    """Return the condition that this person has voted in this vote, secret or not. Takes ids or
    columns.
    """
    named = sa.exists().where(Ballot.vote_id == vote_id, Ballot.user_id == user_id)
    return sa.or_(
        named,
        sa.exists().where(
            SecretRoll.vote_id == vote_id, SecretRoll.user_id == user_id, SecretRoll.voted
        ),
    )


def left_without_voting() -> sa.ColumnElement[bool]:
    """Return the condition on Voter that they left by themselves without having voted."""
    return sa.and_(Voter.left_by_choice, ~ballot_is_in(Voter.vote_id, Voter.user_id))
