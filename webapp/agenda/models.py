"""Tables of the agenda: rooms, tracks, speakers, sessions, and seats in sessions."""

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship, synonym

from ..accounts.models import User
from ..core.db.base import Entity, foreign_key, one_of
from ..core.extensions import db
from ..core.storage.pictures import picture_column
from ..core.time import clock
from ..events.models.event import Event
from ..events.models.registration import EventOption
from ..events.models.rsvp import WaitlistStep
from ..events.models.waitlist import (
    GOING,
    NOT_GOING,
    OFFERED,
    WAITING,
    WaitlistEntry,
    WaitlistOwner,
)

#: Colours of tracks. The track's name is always shown, too.
COLORS = ("meadow", "loch", "river", "bluebell", "heather", "clay", "gorse", "slate")

session_speaker = sa.Table(
    "session_speaker",
    db.metadata,
    sa.Column(
        "session_id",
        sa.Uuid,
        sa.ForeignKey("agenda_session.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    sa.Column(
        "speaker_id",
        sa.Uuid,
        sa.ForeignKey("speaker.id", ondelete="CASCADE"),
        primary_key=True,
        index=True,
    ),
)


class Room(Entity, db.Model):
    """A room where sessions take place.
    `position` orders the rooms of an event; `capacity` is how many people fit.
    """

    __tablename__ = "agenda_room"
    __table_args__ = (
        sa.UniqueConstraint("event_id", "position"),
        sa.UniqueConstraint("event_id", "name"),
        sa.CheckConstraint("capacity IS NULL OR capacity > 0", name="capacity"),
    )

    event_id: Mapped[uuid.UUID] = foreign_key("event.id")
    position: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(80))
    capacity: Mapped[int | None]


class Track(Entity, db.Model):
    """A topic of sessions: a name and a colour, which is never shown without the name."""

    __tablename__ = "agenda_track"
    __table_args__ = (
        sa.UniqueConstraint("event_id", "name"),
        one_of("color", COLORS),
    )

    event_id: Mapped[uuid.UUID] = foreign_key("event.id")
    name: Mapped[str] = mapped_column(sa.String(60))
    color: Mapped[str] = mapped_column(sa.String(10))


class Speaker(Entity, db.Model):
    """A speaker at an event; `user` is their account, if hosts entered one."""

    __tablename__ = "speaker"
    __table_args__ = (sa.UniqueConstraint("event_id", "user_id"),)

    event_id: Mapped[uuid.UUID] = foreign_key("event.id", index=True)
    user_id: Mapped[uuid.UUID | None] = foreign_key("user.id", ondelete="SET NULL", index=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    bio: Mapped[str] = mapped_column(sa.Text, default="")
    links: Mapped[list[Any]] = mapped_column(sa.JSON, default=list)
    picture: Mapped[uuid.UUID | None] = picture_column()

    event: Mapped[Event] = relationship()
    user: Mapped[User | None] = relationship()
    sessions: Mapped[list["AgendaSession"]] = relationship(
        secondary=session_speaker, viewonly=True, order_by="AgendaSession.starts_at"
    )

    @property
    def path(self) -> str:
        """The path of their page."""
        return f"{self.event.path}/speakers/{self.id}"


class AgendaSession(WaitlistOwner, Entity, db.Model):
    """A session of an event's agenda, within the event's time. Wall times are in the event's zone.
    Seats are given out by the rules of events (`attendance.waitlist`), under the event's lock.
    """

    __tablename__ = "agenda_session"
    __table_args__ = (
        sa.CheckConstraint("starts_at < ends_at", name="times"),
        sa.CheckConstraint("capacity IS NULL OR capacity > 0", name="capacity"),
        sa.CheckConstraint("seats_taken >= 0", name="seats_taken"),
        sa.CheckConstraint("waiting_count >= 0", name="waiting_count"),
        sa.Index("ix_agenda_session_event_id_starts_at", "event_id", "starts_at", "id"),
    )

    event_id: Mapped[uuid.UUID] = foreign_key("event.id")
    room_id: Mapped[uuid.UUID | None] = foreign_key(
        "agenda_room.id", ondelete="SET NULL", index=True
    )
    track_id: Mapped[uuid.UUID | None] = foreign_key(
        "agenda_track.id", ondelete="SET NULL", index=True
    )
    title: Mapped[str] = mapped_column(sa.String(120))
    description: Mapped[str] = mapped_column(sa.Text, default="")
    starts_wall: Mapped[datetime] = mapped_column(sa.DateTime(timezone=False))
    ends_wall: Mapped[datetime] = mapped_column(sa.DateTime(timezone=False))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    cancelled_reason: Mapped[str] = mapped_column(sa.String(500), default="")
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)

    event: Mapped[Event] = relationship()
    room: Mapped[Room | None] = relationship()
    track: Mapped[Track | None] = relationship()
    speakers: Mapped[list[Speaker]] = relationship(secondary=session_speaker, order_by=Speaker.name)

    #: A session never takes whole days, and has no registration form.
    is_all_day = False
    has_registration_form = False

    @property
    def path(self) -> str:
        """The path of its page."""
        return f"{self.event.path}/agenda/{self.id}"

    @property
    def zone(self) -> str:
        """The event's zone."""
        return self.event.zone

    @property
    def promotion(self) -> str:
        """Return how free seats are given out, as in the event."""
        return self.event.promotion

    @property
    def deadline(self) -> datetime:
        """Return until when seats are given out and given back: the session's start."""
        return self.starts_at

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None

    @property
    def is_over(self) -> bool:
        """Whether its end has passed."""
        return self.ends_at <= clock.now()


class Booking(WaitlistEntry, Entity, db.Model):
    """Someone's seats in a session, or their place on its waiting list. They must be going to the
    event, with at least as many people.
    """

    __tablename__ = "session_booking"
    __table_args__ = (
        *WaitlistEntry.constraints(
            "session_booking", "session_id", (GOING, NOT_GOING, WAITING, OFFERED)
        ),
        sa.UniqueConstraint("session_id", "guest_id"),
    )

    session_id: Mapped[uuid.UUID] = foreign_key("agenda_session.id")
    user_id: Mapped[uuid.UUID | None] = foreign_key("user.id", index=True)
    guest_id: Mapped[uuid.UUID | None] = foreign_key("guest.id", ondelete="SET NULL", index=True)
    state: Mapped[str] = mapped_column(sa.String(10))
    #: Since when it has this state.
    booked_at: Mapped[datetime] = mapped_column(default=clock.now, onupdate=clock.now)

    session: Mapped[AgendaSession] = relationship()
    owner, owner_id = synonym("session"), synonym("session_id")

    #: A session has neither ticket types nor options.
    picks: tuple[EventOption, ...] = ()


AgendaSession.entry_model = Booking
WaitlistStep.session = relationship(AgendaSession)
