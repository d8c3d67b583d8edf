"""Events, their hosts, invitations to host, and a group's defaults for new events."""

import uuid
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from ...accounts.models import User
from ...conversation.models import Thread
from ...core.db.base import Entity, foreign_key, one_of
from ...core.db.session import constant
from ...core.extensions import db
from ...core.storage.pictures import picture_column
from ...core.text import search
from ...core.time import clock, time_zones
from ...core.ui.artwork import NOON, Art, arts_for
from ...groups.models import Category, Group
from .waitlist import WaitlistOwner

DRAFT, PUBLISHED, CANCELLED = STATES = ("draft", "published", "cancelled")
EVERYONE, LINK, GROUP = AUDIENCES = ("everyone", "link", "group")
AUTOMATIC, OFFER = PROMOTIONS = ("automatic", "offer")
#: Kinds of feedback: with names, anonymous, or off.
NAMED, ANONYMOUS, NONE = FEEDBACKS = ("named", "anonymous", "none")

#: Texts by hosts for everyone who sees the event: reports show them in this order, exports include
#: them, erasing clears them.
HOST_TEXTS = ("summary", "venue", "description", "directions")

#: How long after the end people can give and change feedback.
FEEDBACK_LASTS = timedelta(days=14)
#: The longest event, in local time.
LONGEST = timedelta(days=60)
#: How long a deleted event can be restored.
RESTORABLE = timedelta(days=30)


def path_of(slug: str) -> str:
    """Return the path of the event with this slug; works outside of requests."""
    return f"/events/{slug}"


class Event(WaitlistOwner, Entity, db.Model):
    """An event. Local times are what the host entered; the moments are derived from them.

    An all-day event (`is_all_day`) lasts from the start of its first day to the start of the day
    after its last. `has_registration_form`: answers include questions or ticket types.
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
    #: How to get there, in words.
    directions: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    online_url: Mapped[str] = mapped_column(sa.String(500), default="")
    #: Its topic; None: those of its group.
    category_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("category.id"), index=True)
    picture: Mapped[uuid.UUID | None] = picture_column()
    #: The drawn scene shown without a picture; "": chosen by topic.
    cover: Mapped[str] = mapped_column(sa.String(20), default="", server_default="")
    #: Who uploads pictures and files, who sees them, and how many are visible.
    file_uploaders: Mapped[str] = mapped_column(
        sa.String(10), default="hosts", server_default="hosts"
    )
    file_viewers: Mapped[str] = mapped_column(
        sa.String(10), default="people", server_default="people"
    )
    picture_count: Mapped[int] = mapped_column(default=0, server_default="0")
    file_count: Mapped[int] = mapped_column(default=0, server_default="0")
    #: The thread of comments; None before the first.
    thread_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("thread.id"), index=True)
    audience: Mapped[str] = mapped_column(sa.String(10), default=EVERYONE)
    state: Mapped[str] = mapped_column(sa.String(10), default=DRAFT)
    published_at: Mapped[datetime | None]
    #: When it last got another start after publication: earlier reminders are outdated.
    rescheduled_at: Mapped[datetime | None]
    cancelled_reason: Mapped[str] = mapped_column(sa.Text, default="")
    locked_at: Mapped[datetime | None]
    #: When moderators hid it; hosts and moderators of its group still see it.
    hidden_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    max_plus_ones: Mapped[int] = mapped_column(default=0)
    promotion: Mapped[str] = mapped_column(sa.String(10), default=AUTOMATIC)
    shows_attendees: Mapped[bool] = mapped_column(default=True)
    #: Hosts approve everyone before they get a seat or a place on the waiting list.
    requires_approval: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    has_registration_form: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    #: Whether there are tasks or shifts.
    has_volunteering: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    #: People can answer without an account, unless the event is for its group alone.
    allows_guests: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    feedback: Mapped[str] = mapped_column(sa.String(10), default=NAMED, server_default=NAMED)
    #: Since when everyone who sees the event sees its agenda; None: only its hosts do.
    agenda_published_at: Mapped[datetime | None]
    #: The day (UTC) on which seats or waiting list last changed. Its numbers are those above;
    #: earlier days have rows (EventDay).
    counted_on: Mapped[date | None]
    #: Text for search; deferred because it is long and never shown.
    search_text: Mapped[str] = mapped_column(sa.Text, default="", deferred=True)
    version: Mapped[int] = mapped_column(default=1)
    #: Since when it has had this version; None: since its creation.
    changed_at: Mapped[datetime | None]

    group: Mapped[Group | None] = relationship()
    category: Mapped[Category | None] = relationship()
    owner: Mapped[User] = relationship()
    thread: Mapped[Thread | None] = relationship()
    hosts: Mapped[list["EventHost"]] = relationship(order_by="EventHost.created_at", viewonly=True)

    if TYPE_CHECKING:
        seats_held: Any  # `rsvp` adds it

    @hybrid_property
    def going_count(self) -> int:
        """Return how many people are going, plus-ones included: whose seats aren't only offered."""
        return int(self.seats_taken - self.seats_held)

    @going_count.inplace.expression
    @classmethod
    def _going_count_column(cls) -> Any:
        return cls.seats_taken - cls.seats_held

    @validates("version")
    def _note_change(self, _name: str, version: int) -> int:
        self.changed_at = clock.now()
        return version

    @hybrid_property
    def scene(self) -> str | None:
        """Return what selects the drawn cover: the scene's name, or the slug of its topic."""
        return self.cover or (self.category.slug if self.category else None)

    @scene.inplace.expression
    @classmethod
    def _scene_column(cls) -> Any:
        slug = sa.select(Category.slug).where(Category.id == cls.category_id).scalar_subquery()
        return sa.case((cls.cover != "", cls.cover), else_=slug).label("scene")

    @property
    def arts(self) -> tuple[Art, ...]:
        """Return the drawn covers that suit it, the best first."""
        return arts_of(self)

    @property
    def path(self) -> str:
        """The path of its page; notices and emails are written outside of requests."""
        return path_of(self.slug)

    @property
    def is_finished(self) -> bool:
        """Whether the end has passed: derived, never stored."""
        return self.ends_at <= clock.now()

    @property
    def has_taken_place(self) -> bool:
        """Whether it has ended without having been cancelled."""
        return self.is_finished and self.is_published

    @property
    def possible_hosts(self) -> dict[uuid.UUID, User]:
        """Return the owner and named hosts with active accounts by id, whether or not they may
        still host.
        """
        people = (self.owner, *(host.user for host in self.hosts))
        return {person.id: person for person in people if person.is_active}

    @property
    def largest_party(self) -> int:
        """Return how many people one answer can be for: plus-ones, but no more than seats."""
        most = self.max_plus_ones + 1
        return most if self.capacity is None else min(most, self.capacity)

    @property
    def takes_feedback(self) -> bool:
        """Whether feedback can be given now."""
        return (
            self.feedback != NONE
            and self.is_published
            and self.ends_at <= clock.now() <= self.ends_at + FEEDBACK_LASTS
        )

    @property
    def event(self) -> "Event":
        """Itself: the rules of the waiting list ask events and sessions alike for their event."""
        return self

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
        """Whether it was cancelled."""
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
        """Whether attendees come to a place, where they show a ticket; false for online-only
        events.
        """
        return bool(self.venue) or not self.online_url

    @property
    def deadline(self) -> datetime:
        """Return until when answers can change: the hosts' deadline, or at the latest the start."""
        return min(self.rsvp_deadline or self.starts_at, self.starts_at)


search.indexed(Event.__table__)


def arts_of(event: Any) -> tuple[Art, ...]:
    """Return the drawn covers that suit an event, or its columns: by its topic and its hour."""
    hour = NOON if event.is_all_day else time_zones.wall(event.starts_at, event.zone).hour
    return arts_for(event.id, event.scene, hour)


def to_come(now: datetime | None = None) -> sa.ColumnElement[bool]:
    """Return the condition on Event that it isn't over, in a form that can use the index of starts.

    Possible because no event lasts longer than LONGEST. Without `now`, the time is that of
    execution.
    """

    def moment(earlier: timedelta) -> Any:
        if now is not None:
            return now - earlier
        reference_time = lambda: clock.now() - earlier  # noqa: E731
        return sa.bindparam(None, callable_=reference_time, type_=Event.ends_at.type, unique=True)

    longest = LONGEST + timedelta(days=1)
    return sa.and_(Event.starts_at > moment(longest), Event.ends_at > moment(timedelta()))


def takes_place() -> sa.ColumnElement[bool]:
    """Return the condition on Event that people can come to it: published, and neither deleted,
    cancelled nor hidden. Its group may be deleted.
    """
    is_there = Event.deleted_at.is_(None), Event.hidden_at.is_(None)
    return sa.and_(Event.state == constant(PUBLISHED), *is_there)


class EventHost(Entity, db.Model):
    """A host of an event, besides its owner."""

    __tablename__ = "event_host"
    __table_args__ = (sa.UniqueConstraint("event_id", "user_id"),)

    event_id: Mapped[uuid.UUID] = foreign_key("event.id")
    user_id: Mapped[uuid.UUID] = foreign_key("user.id", index=True)

    user: Mapped[User] = relationship()


class EventDay(db.Model):
    """Seats taken and parties waiting at the end of a day (UTC) on which they changed."""

    __tablename__ = "event_day"

    event_id: Mapped[uuid.UUID] = foreign_key("event.id", primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    seats: Mapped[int]
    waiting: Mapped[int]


class EventDefault(db.Model):
    """Defaults of a group's new events.

    `rsvp_deadline_hours`: how long before the start answers close; None: at the start.
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
    """An invitation to someone, in the group or not, to host an event. Deleted once it is answered
    or has ended.
    """

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
