"""Votes with their options, a group's defaults for new ones, and what was decided."""

import uuid
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...accounts.models import User
from ...conversation.models import Thread
from ...core.db.session import Entity, foreign_key, one_of
from ...core.extensions import db
from ...core.time import clock, time_zones
from ...events.models import Event
from ...groups.models import Group
from ..tally.rules import BASES, KINDS, SINGLE

ALWAYS, AFTER_VOTING, AFTER_CLOSE = SHOWN = ("always", "after_voting", "after_close")
MEMBERS, HOLDERS, INVITED, GOING, ATTENDED = ELECTORATES = (
    "members",
    "roles",
    "invited",
    "going",
    "attended",
)
#: Those who are drawn from an event, not from the group.
OF_EVENT = (GOING, ATTENDED)
COMING, OPEN, CLOSED, CANCELLED = STAGES = ("coming", "open", "closed", "cancelled")
OFF, OPTIONAL, REQUIRED = REASONS = ("off", "optional", "required")
OPENING, CLOSE = ROLLS = ("opening", "close")
LOSE, KEEP = LEAVERS = ("lose", "keep")
#: Fan-outs of a vote: those on the roll are told that voting has opened, that it has ended, that it
#: was cancelled; those who have not voted are reminded, by the clock or because someone asks; the
#: outcome is told; answers of a date poll become answers to its event.
OPENED, ENDED, CALLED_OFF = "vote.opened", "vote.ended", "vote.called_off"
REMINDER, NUDGE = "vote.reminder", "vote.nudge"
OUTCOME, ANSWERS = "vote.outcome", "vote.answers"
MOST_DOTS = 100
#: Fewer people than this cannot keep their ballots secret, and of fewer secret ballots no figure is
#: published.
FEWEST = 5
#: Of fewer secret ballots than this nothing is published.
FEWEST_TOLD = 3
#: What a secret vote has promised beside its secrecy.
SECRET = (
    "NOT is_secret OR (is_anonymous AND results = 'after_close' AND reasons = 'off' AND roll_at = "
    "'opening')"
)
#: A lot whose secret nobody has seen is drawn by nobody before the vote has closed.
LOT = "seed IS NULL OR lot_commitment IS NULL OR closed_at IS NOT NULL"


def path_of(slug: str) -> str:
    """The path of the page of the vote with this address."""
    return f"/votes/{slug}"


def stage_of(vote: Any) -> str:
    """Where a vote, or a row with its columns, stands by the clock."""
    if vote.cancelled_at is not None:
        return CANCELLED
    now = clock.now()
    if vote.closed_at is not None or vote.closes_at <= now:
        return CLOSED
    return OPEN if vote.opened_at is not None or vote.opens_at <= now else COMING


def shows_turnout(vote: Any) -> bool:
    """Whether it is said how many have voted in a vote, or in a row with its columns."""
    return not vote.is_secret or vote.ballot_count >= FEWEST


class Vote(Entity, db.Model):
    """A question put to a group, or to those who come to an event.

    Coming, open and closed are derived from `opens_at` and `closes_at`; `opened_at` is set once,
    when the roll is written, `closed_at` once, when no ballot can be under way any more. `seed`
    orders ties by lot: it comes from `lot_secret`, drawn at opening and shown after closing, and
    from all ballots; `lot_commitment` is published at opening. In votes that opened before there
    were secrets the seed was published then, and stays. `version` grows when the question changes,
    so that a ballot filled in for another question is refused. `seats`, `score_max`, `budget`,
    `per_option`, `spend_all` and `blocks` are each for the kinds that ask for them. `blocks` None:
    a block disagrees and no more. `quorum`: percent of the roll. The threshold is a part of what
    `threshold_of` names, to be passed where strict, to be reached where not. `is_anonymous`: who
    chose what is shown to nobody. `leavers`: whether who leaves the group before voting loses the
    vote. `finding`: the outcome as it was counted at closing. `roles`: of a vote among some roles
    which. `event_scheduled_at`: a date poll's winner has become the time of `event`. `is_secret`:
    its ballots are kept apart from their voters (`secret`), and `ballot_count` is as of the last
    mix; `opening`: what it declared when it opened. `event_id` is empty, too, once its event is
    gone for good: what was decided stays. `hidden_at`: an admin has hidden all of it but its title.
    """

    __tablename__ = "vote"
    __table_args__ = (
        sa.CheckConstraint("opens_at < closes_at", name="times"),
        one_of("kind", KINDS),
        one_of("results", SHOWN),
        one_of("electorate", ELECTORATES),
        sa.CheckConstraint("choices_min >= 1 AND choices_min <= choices_max", name="choices"),
        sa.CheckConstraint("ballot_count >= 0 AND ballot_count <= roll_count", name="counts"),
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
        """Where its page is: notices and letters are written outside of any request."""
        return path_of(self.slug)

    @property
    def ballot_type(self) -> str:
        """What its ballots hold: one of `tally.rules.BALLOTS`."""
        return KINDS[self.kind].ballot

    @property
    def stage(self) -> str:
        """Where it stands by the clock: coming, open, closed or cancelled."""
        return stage_of(self)

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
        """Whether it was cancelled."""
        return self.stage == CANCELLED

    @property
    def is_over(self) -> bool:
        """Whether no one can vote any more: its time is over, or it was cancelled."""
        return self.stage in (CLOSED, CANCELLED)

    @property
    def is_counted(self) -> bool:
        """Whether the result is final: closed under the lock, so that no ballot is under way."""
        return self.closed_at is not None

    @property
    def shows_turnout(self) -> bool:
        """Whether it is said how many have voted: of a secret vote nothing before its first mix,
        nor where few have.
        """
        return shows_turnout(self)

    @property
    def is_few(self) -> bool:
        """Whether it is counted, and so few secret ballots came that a figure would say who
        chose what.
        """
        return self.is_counted and not self.shows_turnout

    @property
    def is_settled(self) -> bool:
        """Whether the question and its end stay as they are, but for a later one: ballots are
        in, or nobody is told whether.
        """
        return bool(self.ballot_count) or (self.is_secret and self.opened_at is not None)

    @property
    def is_roll_open(self) -> bool:
        """Whether its roll still goes with those whom it is for: it is written for good at
        closing.
        """
        return self.roll_at == CLOSE and self.closed_at is None


class Option(Entity, db.Model):
    """What one may choose, numbered from 1 as frozen at the first ballot; of a date poll, from
    when to when.
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
    """What a new vote of the group begins with.

    `days`: voting closes so long after today; None: the person who asks says when.
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


#: People are reminded of a day in its morning.
IN_THE_MORNING = time(9)


class Statement(Entity, db.Model):
    """The outcome of a vote that has closed: those on its roll were told it once.

    On `review_on`, a day by the vote's clocks, the person who runs the vote looks again at what was
    decided; `reminded_at` is when they were reminded of that.
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
        """The morning of the day on which it is looked at again."""
        if self.review_on is None:
            return None
        wall = time_zones.existing(datetime.combine(self.review_on, IN_THE_MORNING), self.vote.zone)
        return time_zones.to_utc(wall, self.vote.zone, fold=0)
