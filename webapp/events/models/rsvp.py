"""Answers to events, guests without an account, and the waiting list's log."""

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import (
    Mapped,
    column_property,
    joinedload,
    mapped_column,
    relationship,
    synonym,
    validates,
)
from sqlalchemy.sql.base import ExecutableOption

from ...core.db import base as ids
from ...core.db.base import Entity, foreign_key
from ...core.extensions import db
from ...core.text.strings import folded
from ...core.time import clock
from .event import Event
from .registration import EventOption, rsvp_pick
from .waitlist import (
    GOING,
    NOT_GOING,
    OFFERED,
    REFUSED,
    WAITING,
    OfUserOrGuest,
    WaitlistEntry,
    WaitlistOwner,
)


class Guest(Entity, db.Model):
    """Someone who answers one event by an emailed link. `email` is in lower case.

    Until `confirmed_at`, their first answer, nobody knows whether the address is theirs: there is
    no answer before.
    """

    __tablename__ = "guest"
    __table_args__ = (
        sa.UniqueConstraint("event_id", "email"),
        sa.CheckConstraint("email = lower(email)", name="email_lower"),
    )

    event_id: Mapped[uuid.UUID] = foreign_key("event.id")
    name: Mapped[str] = mapped_column(sa.String(80))
    #: The name as hosts search for it.
    search_text: Mapped[str] = mapped_column(sa.String(200), default="", server_default="")
    email: Mapped[str] = mapped_column(sa.String(254), index=True)
    zone: Mapped[str] = mapped_column(sa.String(60), default="UTC")
    locale: Mapped[str] = mapped_column(sa.String(10), default="en")
    confirmed_at: Mapped[datetime | None]
    #: Since when they get neither reminders nor hosts' messages. They still get emails about their
    #: own answer.
    unsubscribed_at: Mapped[datetime | None]
    #: Changes with every link that they request, which invalidates the one before.
    nonce: Mapped[str] = mapped_column(sa.String(24), default=ids.nonce)

    event: Mapped[Event] = relationship()

    #: What `access` reads of everyone: a guest belongs to no group.
    is_preview: ClassVar[Any] = None
    is_active: ClassVar[bool] = True
    #: Someone who acts as a guest has received the email to this address.
    is_verified: ClassVar[bool] = True

    @validates("name")
    def _note_name(self, _key: str, name: str) -> str:
        self.search_text = self.searched_by(name)
        return name

    @staticmethod
    def searched_by(name: str) -> str:
        """The name as hosts search for it."""
        return folded(name)[:200]  # one letter may fold to eighteen

    @property
    def first_name(self) -> str:
        """Return how emails greet them: guests give one name."""
        return self.name

    def renew_nonce(self) -> None:
        """Invalidate all links emailed to them so far."""
        self.nonce = ids.nonce()


#: GOING holds seats, and so does OFFERED until it expires; WAITING is on the waiting list; ASKED
#: and REFUSED hold nothing.
MAYBE, ASKED = "maybe", "asked"
ANSWERS = (GOING, MAYBE, NOT_GOING, WAITING, OFFERED, ASKED, REFUSED)

#: The states of people who have a seat, an offer or a place on the waiting list; at an event whose
#: hosts approve requests, the states after approval.
SEATED_OR_WAITING = (GOING, WAITING, OFFERED)
SEATED_WAITING_OR_ASKED = (*SEATED_OR_WAITING, ASKED)

#: The steps in the waiting list's log.
STEPS = (
    "joined",
    "resized",
    "left",
    "freed",
    "seats",
    "promoted",
    "skipped",
    "offered",
    "accepted",
    "declined",
    "expired",
    "split",
    "parted",
    "picked",
)


def _ticket_number(context: Any) -> str:
    return str(context.get_current_parameters()["id"].hex[-4:])


class Rsvp(WaitlistEntry, Entity, db.Model):
    """One person's answer: of an account, of a guest, or of neither once a guest's data was
    deleted.

    `answers`: answers to the hosts' questions, as [question id, its text at the time, answer].
    `by_host`: a host gave the answer for the person. `decline_message`: the hosts' message when
    they declined. `ticket`: the end of its id, which finds its ticket (`ticket_codes`).
    """

    __tablename__ = "rsvp"
    __table_args__ = (
        *WaitlistEntry.constraints("rsvp", "event_id", ANSWERS),
        sa.UniqueConstraint("guest_id"),
        sa.Index("ix_rsvp_user_id_state", "user_id", "state"),
        # the counts on an event's page read this index alone; the other finds the first attendees
        # without sorting
        sa.Index("ix_rsvp_counted", "event_id", "state", "is_anonymous", "party"),
        sa.Index(
            "ix_rsvp_going",
            "event_id",
            "answered_at",
            "id",
            sqlite_where=sa.text("state = 'going'"),
            postgresql_where=sa.text("state = 'going'"),
        ),
        sa.Index("ix_rsvp_ticket", "ticket"),
    )

    event_id: Mapped[uuid.UUID] = foreign_key("event.id")
    user_id: Mapped[uuid.UUID | None] = foreign_key("user.id")
    guest_id: Mapped[uuid.UUID | None] = foreign_key("guest.id", ondelete="SET NULL")
    state: Mapped[str] = mapped_column(sa.String(10))
    seats_waiting: Mapped[int] = mapped_column(default=0, server_default="0")
    is_anonymous: Mapped[bool] = mapped_column(default=False)
    answered_at: Mapped[datetime] = mapped_column(default=clock.now)
    answers: Mapped[list[list[str]]] = mapped_column(sa.JSON, default=list, server_default="[]")
    by_host: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    decline_message: Mapped[str] = mapped_column(sa.String(500), default="", server_default="")
    # sorted after the id, because it is derived from it
    ticket: Mapped[str | None] = mapped_column(sa.String(4), default=_ticket_number, sort_order=1)

    event: Mapped[Event] = relationship()
    owner, owner_id = synonym("event"), synonym("event_id")
    picks: Mapped[list[EventOption]] = relationship(secondary=rsvp_pick, order_by=EventOption.id)
    if TYPE_CHECKING:
        #: How many of the party attended, if any; added by `attendance.models`.
        attendance: Any


Event.entry_model = Rsvp

#: The seats that are offered and not accepted yet, read from ix_rsvp_counted with every event:
#: what counts the people going must leave them out.
Event.seats_held = column_property(
    sa.select(sa.func.coalesce(sa.cast(sa.func.sum(Rsvp.party), sa.Integer), 0))
    .where(Rsvp.event_id == Event.id, Rsvp.state == sa.literal_column(f"'{OFFERED}'"))
    .correlate_except(Rsvp)
    .scalar_subquery()
)


def on_waitlist(row: Any = None) -> sa.ColumnElement[bool]:
    """Return the condition on Rsvp, an alias of it, or Booking: it is on the waiting list.

    An offered seat has left it.
    """
    row = row or Rsvp
    return sa.and_(row.position.is_not(None), row.state != OFFERED)


def seats_wanted(row: Any = None) -> sa.ColumnElement[int]:
    """Return the SQL for the number of seats a party on the waiting list needs."""
    row = row or Rsvp
    return sa.case((row.seats_waiting > 0, row.seats_waiting), else_=row.party)


class WaitlistStep(OfUserOrGuest, Entity, db.Model):
    """A step in the log of an event's waiting list, its sessions included, ordered by `number`.

    `seats_free` led to it, or the ticket type or choice that was `full`. A step of no one in
    particular, such as a new capacity, has a party of 0.
    """

    __tablename__ = "waitlist_step"
    __table_args__ = (
        sa.Index("ix_waitlist_step_event_id_number", "event_id", "number", unique=True),
    )

    event_id: Mapped[uuid.UUID] = foreign_key("event.id")
    session_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("agenda_session.id"), index=True
    )
    number: Mapped[int]
    user_id: Mapped[uuid.UUID | None] = foreign_key("user.id", ondelete="SET NULL", index=True)
    guest_id: Mapped[uuid.UUID | None] = foreign_key("guest.id", ondelete="SET NULL", index=True)
    step: Mapped[str] = mapped_column(sa.String(20))
    party: Mapped[int]
    seats_free: Mapped[int | None]
    full: Mapped[str] = mapped_column(sa.String(100), default="", server_default="")

    if TYPE_CHECKING:
        session: Any  # `agenda.models` adds it


def is_of(who: Any, row: Any = Rsvp) -> sa.ColumnElement[bool]:
    """Return the condition on Rsvp, or on Booking, for rows of this person or guest."""
    is_theirs: sa.ColumnElement[bool] = (
        row.guest_id == who.id if isinstance(who, Guest) else row.user_id == who.id
    )
    return is_theirs


def naming(who: Any) -> dict[str, Any]:
    """Return the values by which a new row belongs to this person or guest."""
    name = "guest" if isinstance(who, Guest) else "user"
    return {name: who, f"{name}_id": who.id}


def with_who(row: Any = Rsvp) -> tuple[ExecutableOption, ...]:
    """Return options that load the person of each answer or booking."""
    return joinedload(row.user), joinedload(row.guest)


def in_order(owner: WaitlistOwner) -> sa.Select[Any]:
    """Select the waiting parties in order, without those that declined an offer."""
    model = owner.entry_model
    return (
        owner.entries()
        .where(on_waitlist(model), model.declined_offer.is_(False))
        .order_by(model.position)
    )
