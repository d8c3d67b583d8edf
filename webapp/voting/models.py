"""Votes, their options, the roll of who may vote, and the ballots."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..accounts.models import User
from ..core import clock
from ..core.database import Entity
from ..core.extensions import db
from ..events.models import Event
from ..groups.models import Group

SINGLE, APPROVAL = KINDS = ("single", "approval")
ALWAYS, AFTER_VOTING, AFTER_CLOSE = SHOWN = ("always", "after_voting", "after_close")
MEMBERS, GOING = ELECTORATES = ("members", "going")
COMING, OPEN, CLOSED, CANCELLED = STAGES = ("coming", "open", "closed", "cancelled")
LEAST_OPTIONS, MOST_OPTIONS = 2, 50


class Vote(Entity, db.Model):
    """A question put to a group, or to those who come to an event.

    Coming, open and closed are derived from `opens_at` and `closes_at`; `opened_at` is set once, when the roll is
    written, `closed_at` once, when no ballot can be under way any more. `seed` orders ties by lot, drawn at opening.
    `version` grows when the question changes, so that a ballot filled in for another question is refused.
    """

    __tablename__ = "vote"
    __table_args__ = (
        sa.CheckConstraint("opens_at < closes_at", name="times"),
        sa.CheckConstraint("kind IN ('single', 'approval')", name="kind"),
        sa.CheckConstraint("results IN ('always', 'after_voting', 'after_close')", name="results"),
        sa.CheckConstraint("electorate IN ('members', 'going')", name="electorate"),
        sa.CheckConstraint("choices_min >= 1 AND choices_min <= choices_max", name="choices"),
        sa.CheckConstraint("electorate <> 'going' OR event_id IS NOT NULL", name="event"),
        sa.CheckConstraint("ballot_count >= 0 AND ballot_count <= roll_count", name="counts"),
        sa.Index("ix_vote_group_id_closes_at", "group_id", "closes_at", "id"),
        sa.Index("ix_vote_event_id", "event_id"),
        sa.Index("ix_vote_opened_at", "opened_at", "opens_at"),
        sa.Index("ix_vote_closed_at", "closed_at", "closes_at"),
    )

    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    group_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("group.id", ondelete="CASCADE"))
    event_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("event.id", ondelete="CASCADE"))
    author_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("user.id"), index=True)
    title: Mapped[str] = mapped_column(sa.String(160))
    description: Mapped[str] = mapped_column(sa.Text, default="")
    kind: Mapped[str] = mapped_column(sa.String(10), default=SINGLE)
    choices_min: Mapped[int] = mapped_column(default=1)
    choices_max: Mapped[int] = mapped_column(default=1)
    zone: Mapped[str] = mapped_column(sa.String(60))
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancelled_reason: Mapped[str] = mapped_column(sa.String(500), default="")
    results: Mapped[str] = mapped_column(sa.String(15), default=AFTER_VOTING)
    electorate: Mapped[str] = mapped_column(sa.String(10), default=MEMBERS)
    seed: Mapped[str | None] = mapped_column(sa.String(64))
    roll_count: Mapped[int] = mapped_column(default=0)
    ballot_count: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    deleted_at: Mapped[datetime | None]

    group: Mapped[Group] = relationship()
    event: Mapped[Event | None] = relationship()
    author: Mapped[User] = relationship()
    options: Mapped[list["Option"]] = relationship(order_by="Option.number", cascade="all, delete-orphan")

    @property
    def path(self) -> str:
        """Where its page is: notices and letters are written outside of any request."""
        return f"/votes/{self.slug}"

    @property
    def stage(self) -> str:
        """Where it stands by the clock: coming, open, closed or cancelled."""
        if self.cancelled_at is not None:
            return CANCELLED
        if self.closed_at is not None or self.closes_at <= clock.now():
            return CLOSED
        return OPEN if self.opened_at is not None or self.opens_at <= clock.now() else COMING

    @property
    def is_coming(self) -> bool:
        """Whether nobody may vote yet."""
        return self.stage == COMING

    @property
    def is_open(self) -> bool:
        """Whether those on the roll may vote now."""
        return self.stage == OPEN

    @property
    def is_closed(self) -> bool:
        """Whether the time to vote is over."""
        return self.stage == CLOSED

    @property
    def is_cancelled(self) -> bool:
        """Whether it was called off."""
        return self.stage == CANCELLED

    @property
    def is_counted(self) -> bool:
        """Whether the result is final: closed under the lock, so that no ballot is under way."""
        return self.closed_at is not None


class Option(Entity, db.Model):
    """What one may choose, numbered from 1 as frozen at the first ballot."""

    __tablename__ = "option"
    __table_args__ = (sa.UniqueConstraint("vote_id", "number"), sa.CheckConstraint("number BETWEEN 1 AND 50", name="number"))

    vote_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("vote.id", ondelete="CASCADE"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(160))
    description: Mapped[str] = mapped_column(sa.String(500), default="")


class Voter(Entity, db.Model):
    """A line of the roll: this person may vote in this vote, unless they left the group before they did.

    The roll is frozen at opening: lines are never added or taken away afterwards.
    """

    __tablename__ = "voter"
    __table_args__ = (sa.UniqueConstraint("vote_id", "user_id"),)

    vote_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("vote.id", ondelete="CASCADE"))
    user_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), index=True)
    left_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()


class Ballot(Entity, db.Model):
    """What one voter chose, as the choice string of VOTING.md: `3`, `1+4`, or nothing for a blank."""

    __tablename__ = "ballot"
    __table_args__ = (sa.UniqueConstraint("vote_id", "user_id"), sa.Index("ix_ballot_vote_id_choice", "vote_id", "choice"))

    vote_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("vote.id", ondelete="CASCADE"))
    user_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), index=True)
    choice: Mapped[str] = mapped_column(sa.String(200))
    changed_at: Mapped[datetime]


class VoteDefault(db.Model):
    """What a new vote of the group begins with. `days`: voting closes so long after today; None: whoever asks says when."""

    __tablename__ = "vote_default"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('single', 'approval')", name="kind"),
        sa.CheckConstraint("results IN ('always', 'after_voting', 'after_close')", name="results"),
        sa.CheckConstraint("electorate IN ('members', 'going')", name="electorate"),
        sa.CheckConstraint("days IS NULL OR days BETWEEN 1 AND 90", name="days"),
    )

    group_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("group.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(10), default=SINGLE)
    results: Mapped[str] = mapped_column(sa.String(15), default=AFTER_VOTING)
    electorate: Mapped[str] = mapped_column(sa.String(10), default=MEMBERS)
    days: Mapped[int | None]
