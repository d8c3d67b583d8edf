"""Events, who hosts them or is asked to, and the defaults of a group's new ones."""

import uuid
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from ...accounts.models import User
from ...conversation.models import Thread
from ...core.db.session import Entity, foreign_key, one_of
from ...core.extensions import db
from ...core.storage.pictures import picture_column
from ...core.text import search
from ...core.time import clock
from ...groups.models import Category, Group
from .waitlist import WaitlistOwner

DRAFT, PUBLISHED, CANCELLED = STATES = ("draft", "published", "cancelled")
EVERYONE, LINK, GROUP = AUDIENCES = ("everyone", "link", "group")
AUTOMATIC, OFFER = PROMOTIONS = ("automatic", "offer")
#: how those who were there say how it was: with their names, without, or not at all
NAMED, ANONYMOUS, NONE = FEEDBACKS = ("named", "anonymous", "none")

#: What hosts write for everyone who sees the event: a report shows it in this
#: order, an export takes it along, an erasure empties it.
HOST_TEXTS = ("summary", "venue", "description", "directions")

#: so long after the end people say how it was, and change it
FEEDBACK_LASTS = timedelta(days=14)
#: what an event may last, by the clocks on the wall
LONGEST = timedelta(days=60)
#: how long a deleted event can be brought back
RESTORABLE = timedelta(days=30)


def path_of(slug: str) -> str:
    """Where the page of the event with this address is, also outside of any request."""
    return f"/events/{slug}"


class Event(WaitlistOwner, Entity, db.Model):
    """Something that people come to. Wall times are what the host entered; the moments beside them
    are derived.

    Over whole days (`is_all_day`) it lasts from the first moment of its first day to that of the
    day after its last. `has_registration_form`: questions or ticket kinds come with an answer.
    """

    __tablename__ = "event"
    __table_args__ = (
        one_of("state", ("draft", "published", "cancelled")),
        one_of("audience", ("everyone", "link", "group")),
        one_of("promotion", ("automatic", "offer")),
        one_of("feedback", ("named", "anonymous", "none")),
        sa.CheckConstraint("starts_at < ends_at", name="times"),
        sa.CheckConstraint("capacity IS NULL OR capacity > 0", name="capacity"),
        sa.CheckConstraint("max_plus_ones BETWEEN 0 AND 20", name="max_plus_ones"),
        sa.CheckConstraint("seats_taken >= 0", name="seats_taken"),
        sa.CheckConstraint("waiting_count >= 0", name="waiting_count"),
        sa.CheckConstraint("audience <> 'group' OR group_id IS NOT NULL", name="group"),
        one_of("file_uploaders", ("hosts", "people")),
        one_of("file_viewers", ("people", "all")),
        sa.Index("ix_event_group_id_starts_at", "group_id", "starts_at", "id"),
        sa.Index("ix_event_to_come", "starts_at", "id", "ends_at"),
    )

    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    group_id: Mapped[uuid.UUID | None] = foreign_key("group.id")
    owner_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("user.id"), index=True)
    title: Mapped[str] = mapped_column(sa.String(120))
    summary: Mapped[str] = mapped_column(sa.String(200), default="")
    description: Mapped[str] = mapped_column(sa.Text, default="")
    zone: Mapped[str] = mapped_column(sa.String(60))
    starts_wall: Mapped[datetime] = mapped_column(sa.DateTime(timezone=False))
    ends_wall: Mapped[datetime] = mapped_column(sa.DateTime(timezone=False))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    is_all_day: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    rsvp_deadline: Mapped[datetime | None]
    venue: Mapped[str] = mapped_column(sa.String(200), default="")
    #: how to get there, in words
    directions: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    online_url: Mapped[str] = mapped_column(sa.String(500), default="")
    #: what it is about; None: what its group is
    category_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("category.id"), index=True)
    picture: Mapped[uuid.UUID | None] = picture_column()
    #: the drawn scene in place of a picture; "": by its topic
    cover: Mapped[str] = mapped_column(sa.String(20), default="", server_default="")
    #: who brings pictures and files (BRINGERS), who sees them (READERS), and how many there are to
    #: be seen
    file_uploaders: Mapped[str] = mapped_column(
        sa.String(10), default="hosts", server_default="hosts"
    )
    file_viewers: Mapped[str] = mapped_column(
        sa.String(10), default="people", server_default="people"
    )
    picture_count: Mapped[int] = mapped_column(default=0, server_default="0")
    file_count: Mapped[int] = mapped_column(default=0, server_default="0")
    #: where people talk about it; None: nobody has yet
    thread_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("thread.id"), index=True)
    audience: Mapped[str] = mapped_column(sa.String(10), default=EVERYONE)
    state: Mapped[str] = mapped_column(sa.String(10), default=DRAFT)
    published_at: Mapped[datetime | None]
    #: when it was last given another start, once people could see it: reminders that were due
    #: before are late
    rescheduled_at: Mapped[datetime | None]
    cancelled_reason: Mapped[str] = mapped_column(sa.Text, default="")
    locked_at: Mapped[datetime | None]
    #: moderators took it out of sight: its hosts see it, and those who moderate its group
    hidden_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    max_plus_ones: Mapped[int] = mapped_column(default=0)
    promotion: Mapped[str] = mapped_column(sa.String(10), default=AUTOMATIC)
    shows_attendees: Mapped[bool] = mapped_column(default=True)
    #: hosts say yes to everyone who wants to come before they take a seat or a place in the queue
    requires_approval: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    has_registration_form: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    #: there are tasks or shifts
    has_volunteering: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    #: people without an account may answer, where the event is not for its group alone
    allows_guests: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    feedback: Mapped[str] = mapped_column(sa.String(10), default=NAMED, server_default=NAMED)
    #: since when everyone who sees the event sees its agenda; None: only its hosts do
    agenda_published_at: Mapped[datetime | None]
    #: the day, in UTC, on which seats or the queue last changed: its numbers are those above, older
    #: days have rows (EventDay)
    counted_on: Mapped[date | None]
    #: what search finds it by; long, and read by nobody
    search_text: Mapped[str] = mapped_column(sa.Text, default="", deferred=True)
    version: Mapped[int] = mapped_column(default=1)
    #: since when its version has stood; None: since it was made
    changed_at: Mapped[datetime | None]

    group: Mapped[Group | None] = relationship()
    category: Mapped[Category | None] = relationship()
    owner: Mapped[User] = relationship()
    thread: Mapped[Thread | None] = relationship()
    hosts: Mapped[list["EventHost"]] = relationship(order_by="EventHost.created_at", viewonly=True)

    @validates("version")
    def _note_change(self, _name: str, version: int) -> int:
        self.changed_at = clock.now()
        return version

    @hybrid_property
    def scene(self) -> str | None:
        """What chooses its drawn cover: the scene's name, or the address of its topic."""
        return self.cover or (self.category.slug if self.category else None)

    @scene.inplace.expression
    @classmethod
    def _scene_column(cls) -> Any:
        slug = sa.select(Category.slug).where(Category.id == cls.category_id).scalar_subquery()
        return sa.case((cls.cover != "", cls.cover), else_=slug).label("scene")

    @property
    def path(self) -> str:
        """Where its page is: notices and emails are written outside of any request."""
        return path_of(self.slug)

    @property
    def is_finished(self) -> bool:
        """Whether the end has passed: derived, never stored."""
        return self.ends_at <= clock.now()

    @property
    def takes_feedback(self) -> bool:
        """Whether those who were there may say now how it was."""
        return (
            self.feedback != NONE
            and self.is_published
            and self.ends_at <= clock.now() <= self.ends_at + FEEDBACK_LASTS
        )

    @property
    def is_draft(self) -> bool:
        """Whether only its hosts see it."""
        return self.state == DRAFT

    @property
    def is_published(self) -> bool:
        """Whether people may see it and answer."""
        return self.state == PUBLISHED

    @property
    def is_cancelled(self) -> bool:
        """Whether it will not take place."""
        return self.state == CANCELLED

    @property
    def is_changeable(self) -> bool:
        """Whether its hosts may change it: neither locked nor cancelled."""
        return self.locked_at is None and not self.is_cancelled

    @property
    def has_begun(self) -> bool:
        """Whether the start has passed: derived, never stored."""
        return self.starts_at <= clock.now()

    @property
    def has_check_in(self) -> bool:
        """Whether people come to a place, where they show a ticket, and not online alone."""
        return bool(self.venue) or not self.online_url

    @property
    def deadline(self) -> datetime:
        """Until when answers change: the deadline that hosts set, at latest the start."""
        return min(self.rsvp_deadline or self.starts_at, self.starts_at)


search.indexed(Event.__table__)


def to_come(now: datetime | None = None) -> sa.ColumnElement[bool]:
    """The condition on Event for what is not over, said so that an index by the start serves:
    none lasts longer. Without `now`, what is over is asked when the statement runs.
    """

    def moment(earlier: timedelta) -> Any:
        if now is not None:
            return now - earlier
        asked = lambda: clock.now() - earlier  # noqa: E731
        return sa.bindparam(None, callable_=asked, type_=Event.ends_at.type, unique=True)

    longest = LONGEST + timedelta(days=1)
    return sa.and_(Event.starts_at > moment(longest), Event.ends_at > moment(timedelta()))


class EventHost(Entity, db.Model):
    """A person runs an event, with its owner."""

    __tablename__ = "event_host"
    __table_args__ = (sa.UniqueConstraint("event_id", "user_id"),)

    event_id: Mapped[uuid.UUID] = foreign_key("event.id")
    user_id: Mapped[uuid.UUID] = foreign_key("user.id", index=True)

    user: Mapped[User] = relationship()


class EventDay(db.Model):
    """How many seats were taken, and how many parties waited, at the end of a day, in UTC, on
    which that had changed.
    """

    __tablename__ = "event_day"

    event_id: Mapped[uuid.UUID] = foreign_key("event.id", primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    seats: Mapped[int]
    waiting: Mapped[int]


class EventDefault(db.Model):
    """What a new event of the group begins with.

    `rsvp_deadline_hours`: answers end so long before the start; None: at the start.
    """

    __tablename__ = "event_default"
    __table_args__ = (
        one_of("audience", ("everyone", "link", "group")),
        one_of("promotion", ("automatic", "offer")),
        sa.CheckConstraint("capacity IS NULL OR capacity > 0", name="capacity"),
        sa.CheckConstraint("max_plus_ones BETWEEN 0 AND 20", name="max_plus_ones"),
        sa.CheckConstraint(
            "rsvp_deadline_hours IS NULL OR rsvp_deadline_hours BETWEEN 1 AND 720",
            name="rsvp_deadline_hours",
        ),
    )

    group_id: Mapped[uuid.UUID] = foreign_key("group.id", primary_key=True)
    audience: Mapped[str] = mapped_column(sa.String(10), default=EVERYONE)
    capacity: Mapped[int | None]
    max_plus_ones: Mapped[int] = mapped_column(default=0)
    promotion: Mapped[str] = mapped_column(sa.String(10), default=AUTOMATIC)
    shows_attendees: Mapped[bool] = mapped_column(default=True)
    allows_guests: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    rsvp_deadline_hours: Mapped[int | None]


class HostInvitation(Entity, db.Model):
    """A host asks someone, of the event's group or of none, to run it with them. The row goes with
    the answer, and with whatever ends the invitation."""

    __tablename__ = "host_invitation"
    __table_args__ = (
        sa.UniqueConstraint("event_id", "user_id"),
        sa.CheckConstraint("by_id <> user_id", name="another"),
    )

    event_id: Mapped[uuid.UUID] = foreign_key("event.id")
    user_id: Mapped[uuid.UUID] = foreign_key("user.id", index=True)
    by_id: Mapped[uuid.UUID] = foreign_key("user.id", index=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)

    event: Mapped[Event] = relationship()
    user: Mapped[User] = relationship(foreign_keys=user_id)
    by: Mapped[User] = relationship(foreign_keys=by_id)
