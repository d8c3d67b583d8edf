"""Votes with their options, a group's defaults for new votes, and outcomes."""

import uuid
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...accounts.models import User
from ...conversation.models import Thread
from ...core.db.base import Entity, foreign_key, one_of
from ...core.extensions import db
from ...core.time import clock, time_zones
from ...events.models import Event
from ...groups.models import Group
from ..tally.rules import BASES, KEEP as KEEP, KINDS, LEAVERS, LOSE, SINGLE

ALWAYS, AFTER_VOTING, AFTER_CLOSE = SHOWN = ("always", "after_voting", "after_close")
MEMBERS, HOLDERS, INVITED, GOING, ATTENDED = ELECTORATES = (
    "members",
    "roles",
    "invited",
    "going",
    "attended",
)
#: Electorates drawn from an event, not from the group.
OF_EVENT = (GOING, ATTENDED)
COMING, OPEN, CLOSED, CANCELLED = STAGES = ("coming", "open", "closed", "cancelled")
OFF, OPTIONAL, REQUIRED = REASONS = ("off", "optional", "required")
OPENING, CLOSE = ROLLS = ("opening", "close")
#: Fan-outs of a vote. The electoral roll is notified that it opened, closed or was cancelled, and
#: of its outcome. Nonvoters are reminded, on schedule or by an organizer. Answers of a date poll
#: become answers to its event.
OPENED, ENDED, CALLED_OFF = "vote.opened", "vote.ended", "vote.called_off"
REMINDER, NUDGE = "vote.reminder", "vote.nudge"
OUTCOME, ANSWERS = "vote.outcome", "vote.answers"
MOST_DOTS = 100
#: With fewer voters a secret vote can't be secret; with fewer secret ballots no figures are
#: published.
FEWEST = 5
#: With fewer secret ballots nothing is published.
FEWEST_TOLD = 3
#: Settings that every secret vote must have.
SECRET = (
    "NOT is_secret OR (is_anonymous AND results = 'after_close' AND reasons = 'off' AND roll_at = "
    "'opening')"
)
#: While a lot's secret is unpublished, no seed may be set before closing.
LOT = "seed IS NULL OR lot_commitment IS NULL OR closed_at IS NOT NULL"


def path_of(slug: str) -> str:
    """Return the path of the vote's page."""
    return f"/votes/{slug}"


def stage_of(vote: Any) -> str:
    """Return the stage of a vote, or of a row with its columns, by the clock."""
    if vote.cancelled_at is not None:
        return CANCELLED
    now = clock.now()
    if vote.closed_at is not None or vote.closes_at <= now:
        return CLOSED
    return OPEN if vote.opened_at is not None or vote.opens_at <= now else COMING


def shows_turnout(vote: Any) -> bool:
    """Whether turnout may be shown, of a vote or of a row with its columns."""
    return not vote.is_secret or vote.ballot_count >= FEWEST


class Vote(Entity, db.Model):
    """A vote in a group or among an event's attendees.

    - Times: coming, open and closed are derived from `opens_at` and `closes_at`. `opened_at` is set
      once, when the electoral roll is written; `closed_at` once, under a lock, when no ballot can
      still be in transit.
    - Ties: `seed` orders ties by lot. It is derived from `lot_secret`, drawn at opening and
      published after closing, and from all ballots. `lot_commitment` is published at opening. Votes
      that opened before lot secrets existed published their seed then, and keep it.
    - `version` increases when the question changes, so that ballots for an earlier version are
      refused.
    - `seats`, `score_max`, `budget`, `per_option`, `spend_all` and `blocks` apply only to the kinds
      that use them. `blocks` None: a block is a disagreement and nothing more.
    - `quorum`: percent of those who can vote. The threshold is a fraction of what `threshold_of`
      names, to be exceeded if strict, otherwise to be reached.
    - `is_anonymous`: nobody is shown who chose what. `leavers`: whether people who leave the group
      before voting lose their vote. `roles`: who can vote in a vote among some roles.
    - `roll_count`: how many are on the electoral roll. `left_count`: how many of them left by
      themselves without having voted (`leavers_are_uncounted`); in a secret vote 0 until closing.
    - `finding`: the result as counted at closing. `event_scheduled_at`: when a date poll's winner
      became the time of `event`.
    - `is_secret`: ballots are kept apart from their voters (`secret`), and `ballot_count` is as of
      the last mix. `opening`: what the vote declared when it opened.
    - `event_id` is null, too, after its event was deleted for good: the result stays.
    - `hidden_at`: when an admin hid everything but the title.
    """

    __tablename__ = "vote"
    __table_args__ = (
        sa.CheckConstraint("opens_at < closes_at", name="times"),
        one_of("kind", KINDS),
        one_of("results", SHOWN),
        one_of("electorate", ELECTORATES),
        sa.CheckConstraint("choices_min >= 1 AND choices_min <= choices_max", name="choices"),
        sa.CheckConstraint("ballot_count >= 0 AND ballot_count <= roll_count", name="counts"),
        sa.CheckConstraint("left_count BETWEEN 0 AND roll_count", name="left"),
        sa.CheckConstraint("seats BETWEEN 1 AND 49", name="seats"),
        sa.CheckConstraint("score_max BETWEEN 2 AND 10", name="score_max"),
        sa.CheckConstraint(f"budget BETWEEN 1 AND {MOST_DOTS}", name="budget"),
        sa.CheckConstraint(
            "per_option IS NULL OR per_option BETWEEN 1 AND budget", name="per_option"
        ),
        sa.CheckConstraint("blocks IS NULL OR blocks >= 1", name="blocks"),
        sa.CheckConstraint("quorum IS NULL OR quorum BETWEEN 1 AND 100", name="quorum"),
        one_of("threshold_of", BASES, optional=True),
        sa.CheckConstraint("threshold_part BETWEEN 1 AND threshold_whole", name="threshold"),
        one_of("reasons", REASONS),
        one_of("roll_at", ROLLS),
        one_of("leavers", LEAVERS),
        sa.CheckConstraint(SECRET, name="secret"),
        sa.CheckConstraint(LOT, name="lot"),
        sa.Index("ix_vote_group_id_closes_at", "group_id", "closes_at", "id"),
        sa.Index("ix_vote_event_id", "event_id"),
        sa.Index("ix_vote_opened_at", "opened_at", "opens_at"),
        sa.Index("ix_vote_closed_at", "closed_at", "closes_at"),
        sa.Index("ix_vote_thread_id", "thread_id"),
        sa.Index("ix_vote_created_at", "created_at", "id"),
        sa.Index(
            "ix_vote_is_secret",
            "id",
            sqlite_where=sa.text("is_secret = 1"),
            postgresql_where=sa.text("is_secret"),
        ),
    )

    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    group_id: Mapped[uuid.UUID] = foreign_key("group.id")
    event_id: Mapped[uuid.UUID | None] = foreign_key("event.id", ondelete="SET NULL")
    author_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("user.id"), index=True)
    title: Mapped[str] = mapped_column(sa.String(160))
    description: Mapped[str] = mapped_column(sa.Text, default="")
    kind: Mapped[str] = mapped_column(sa.String(10), default=SINGLE)
    choices_min: Mapped[int] = mapped_column(default=1)
    choices_max: Mapped[int] = mapped_column(default=1)
    seats: Mapped[int] = mapped_column(default=1, server_default="1")
    score_max: Mapped[int] = mapped_column(default=5, server_default="5")
    budget: Mapped[int] = mapped_column(default=10, server_default="10")
    per_option: Mapped[int | None]
    spend_all: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    blocks: Mapped[int | None] = mapped_column(
        sa.Integer().evaluates_none(), default=1, server_default="1"
    )
    quorum: Mapped[int | None]
    threshold_of: Mapped[str | None] = mapped_column(sa.String(10))
    threshold_part: Mapped[int] = mapped_column(default=1, server_default="1")
    threshold_whole: Mapped[int] = mapped_column(default=2, server_default="2")
    threshold_strict: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    reasons: Mapped[str] = mapped_column(sa.String(10), default=OFF, server_default=OFF)
    is_anonymous: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    is_secret: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    roll_at: Mapped[str] = mapped_column(sa.String(10), default=OPENING, server_default=OPENING)
    leavers: Mapped[str] = mapped_column(sa.String(10), default=LOSE, server_default=LOSE)
    zone: Mapped[str] = mapped_column(sa.String(60))
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancelled_reason: Mapped[str] = mapped_column(sa.String(500), default="")
    results: Mapped[str] = mapped_column(sa.String(15), default=AFTER_VOTING)
    electorate: Mapped[str] = mapped_column(sa.String(10), default=MEMBERS)
    roles: Mapped[list[str]] = mapped_column(sa.JSON, default=list, server_default="[]")
    lot_secret: Mapped[str | None] = mapped_column(sa.String(64))
    lot_commitment: Mapped[str | None] = mapped_column(sa.String(64))
    seed: Mapped[str | None] = mapped_column(sa.String(64))
    roll_count: Mapped[int] = mapped_column(default=0)
    ballot_count: Mapped[int] = mapped_column(default=0)
    left_count: Mapped[int] = mapped_column(default=0, server_default="0")
    finding: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    opening: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    version: Mapped[int] = mapped_column(default=1)
    thread_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("thread.id"))
    event_scheduled_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    hidden_at: Mapped[datetime | None]
    hidden_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("user.id"), index=True)

    group: Mapped[Group] = relationship()
    event: Mapped[Event | None] = relationship()
    author: Mapped[User] = relationship(foreign_keys=author_id)
    hidden_by: Mapped[User | None] = relationship(foreign_keys=hidden_by_id)
    thread: Mapped[Thread | None] = relationship()
    options: Mapped[list["Option"]] = relationship(
        order_by="Option.number", cascade="all, delete-orphan"
    )

    @property
    def path(self) -> str:
        """The path of its page, for notices and emails written outside a request."""
        return path_of(self.slug)

    @property
    def ballot_type(self) -> str:
        """The shape of its ballots: one of `tally.rules.BALLOTS`."""
        return KINDS[self.kind].ballot

    @property
    def stage(self) -> str:
        """Return its stage by the clock: coming, open, closed or cancelled."""
        return stage_of(self)

    @property
    def is_coming(self) -> bool:
        """Whether voting hasn't opened yet."""
        return self.stage == COMING

    @property
    def is_open(self) -> bool:
        """Whether people on the electoral roll may vote now."""
        return self.stage == OPEN

    @property
    def is_closed(self) -> bool:
        """Whether the closing time has passed."""
        return self.stage == CLOSED

    @property
    def is_cancelled(self) -> bool:
        return self.stage == CANCELLED

    @property
    def is_over(self) -> bool:
        """Whether nobody can vote any more: it closed or was cancelled."""
        return self.stage in (CLOSED, CANCELLED)

    @property
    def is_counted(self) -> bool:
        """Whether the result is final: closed under the lock, so that no ballot is still in
        transit.
        """
        return self.closed_at is not None

    @property
    def shows_turnout(self) -> bool:
        """Whether turnout may be shown: in a secret vote not before the first mix, nor with few
        ballots.
        """
        return shows_turnout(self)

    @property
    def is_few(self) -> bool:
        """Whether it's counted with so few secret ballots that figures would reveal who
        chose what.
        """
        return self.is_counted and not self.shows_turnout

    @property
    def is_settled(self) -> bool:
        """Whether the question is frozen and closing can only be postponed: ballots are in, or in a
        secret vote may be.
        """
        return bool(self.ballot_count) or (self.is_secret and self.opened_at is not None)

    @hybrid_property
    def entitled_count(self) -> int:
        """How many people can vote, or could when it closed: everyone on the electoral roll but
        those who left without having voted.
        """
        return self.roll_count - self.left_count

    @property
    def leavers_are_uncounted(self) -> bool:
        """Whether people who leave by themselves without having voted aren't counted among those
        who can vote. A roll that is fixed at closing doesn't list them; a secret vote says so when
        it opens.
        """
        is_promised = self.opening is None or self.opening.get("leavers") == LOSE
        return self.roll_at == OPENING and self.leavers == LOSE and is_promised

    @property
    def is_roll_open(self) -> bool:
        """Whether its electoral roll still follows the electorate, because it's frozen at
        closing.
        """
        return self.roll_at == CLOSE and self.closed_at is None


class Option(Entity, db.Model):
    """An option, numbered from 1. Options are frozen at the first ballot. Those of a date poll have
    a start and an end.
    """

    __tablename__ = "option"
    __table_args__ = (
        sa.UniqueConstraint("vote_id", "number"),
        sa.CheckConstraint("number BETWEEN 1 AND 50", name="number"),
        sa.CheckConstraint("(starts_at IS NULL) = (ends_at IS NULL)", name="span"),
        sa.CheckConstraint("starts_at < ends_at", name="times"),
    )

    vote_id: Mapped[uuid.UUID] = foreign_key("vote.id")
    number: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(160))
    description: Mapped[str] = mapped_column(sa.String(500), default="")
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]


class VoteDefault(db.Model):
    """A group's defaults for new votes.

    `days`: how many days after today voting closes; None: the author sets it.
    """

    __tablename__ = "vote_default"
    __table_args__ = (
        one_of("kind", KINDS),
        one_of("results", SHOWN),
        one_of("electorate", (MEMBERS, GOING)),
        sa.CheckConstraint("days IS NULL OR days BETWEEN 1 AND 90", name="days"),
    )

    group_id: Mapped[uuid.UUID] = foreign_key("group.id", primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(10), default=SINGLE)
    results: Mapped[str] = mapped_column(sa.String(15), default=AFTER_VOTING)
    electorate: Mapped[str] = mapped_column(sa.String(10), default=MEMBERS)
    days: Mapped[int | None]


#: When people are reminded of something due on a day.
IN_THE_MORNING = time(9)


class Statement(Entity, db.Model):
    """The outcome written for a closed vote; its voters are notified once.

    `review_on`: a day in the vote's zone on which the organizer reviews the decision.
    `reminded_at`: when they were reminded of it.
    """

    __tablename__ = "vote_outcome"
    __table_args__ = (
        sa.UniqueConstraint("vote_id"),
        sa.Index(
            "ix_vote_outcome_review_on",
            "review_on",
            sqlite_where=sa.text("reminded_at IS NULL"),
            postgresql_where=sa.text("reminded_at IS NULL"),
        ),
    )

    vote_id: Mapped[uuid.UUID] = foreign_key("vote.id")
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
        """The morning of the review day, in UTC."""
        if self.review_on is None:
            return None
        wall = time_zones.existing(datetime.combine(self.review_on, IN_THE_MORNING), self.vote.zone)
        return time_zones.to_utc(wall, self.vote.zone, fold=0)
