"""What events and agenda sessions have in common: seats, and a waiting list."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from ...accounts.models import User
from ...core.db.base import one_of

GOING, WAITING, OFFERED = "going", "waiting", "offered"
NOT_GOING, REFUSED = "not_going", "refused"


class WaitlistOwner:
    """Something with seats.

    `seats_taken` counts the people of all parties that are going or hold an offer, `waiting_count`
    the parties on the waiting list. Both change only under the event's lock, with the rows that
    they count.
    """

    #: The model of its entries, which sets this.
    entry_model: ClassVar[Any]

    if TYPE_CHECKING:
        id: Any
        #: The event whose lock protects its seats.
        event: Any
        #: Whether answers pick options, whose capacity may be limited.
        has_registration_form: Any
        promotion: Any
        title: Any

        @property
        def deadline(self) -> datetime:
            """Return until when seats are given out and given back."""

        @property
        def is_cancelled(self) -> bool:
            """Whether it was cancelled."""

        @property
        def path(self) -> str:
            """The path of its page."""

    capacity: Mapped[int | None]
    seats_taken: Mapped[int] = mapped_column(default=0)
    waiting_count: Mapped[int] = mapped_column(default=0)
    last_position: Mapped[int] = mapped_column(default=0)

    @property
    def is_limited(self) -> bool:
        """Whether there may be a waiting list: seats are limited, or options may be."""
        return self.capacity is not None or self.has_registration_form

    @property
    def seats_free(self) -> int | None:
        """Free seats; None without a limit, 0 also if more are taken than the limit now allows."""
        return None if self.capacity is None else max(0, self.capacity - self.seats_taken)

    def entries(self) -> sa.Select[Any]:
        """Select the parties that hold its seats, wait for them or gave them up."""
        return sa.select(self.entry_model).where(self.entry_model.owner_id == self.id)


class Gone:
    """Replaces a guest whose data was deleted, while their seats at a past event still count."""

    id: uuid.UUID | None = None
    email, zone, locale = "", "UTC", "en"
    is_active = False

    @property
    def name(self) -> str:
        """The name for someone without one."""
        return _("Someone")

    first_name = name


GONE = Gone()


class OfUserOrGuest:
    """Belongs to an account or to a guest, or to neither once a guest's data was deleted."""

    @declared_attr
    @classmethod
    def user(cls) -> Mapped[User | None]:
        """The account."""
        return relationship()

    @declared_attr
    @classmethod
    def guest(cls) -> Mapped[Any]:
        """The guest."""
        return relationship("Guest")

    @property
    def who(self) -> Any:
        """The person: a User, a Guest or GONE."""
        return self.user or self.guest or GONE


class WaitlistEntry(OfUserOrGuest):
    """A party that holds seats of its `owner`, an event or a session, or waits for them.

    `party` counts the person and their plus-ones; `position` orders the waiting list.
    `seats_waiting`: further seats that a party that is going waits for, for plus-ones who didn't
    fit. `declined_offer`: waits, but declined or missed an offer; gets the next one only when other
    seats become free. `withdrawals`: how often the person answered Can't go, at first or later.
    """

    if TYPE_CHECKING:
        id: Any
        owner: Any
        user_id: Any
        guest_id: Any
        picks: Any

    state: Mapped[str]
    party: Mapped[int] = mapped_column(default=1)
    seats_waiting: Mapped[int] = mapped_column(default=0)
    position: Mapped[int | None]
    offered_until: Mapped[datetime | None]
    declined_offer: Mapped[bool] = mapped_column(default=False)
    withdrawals: Mapped[int] = mapped_column(default=0, server_default="0")

    @staticmethod
    def constraints(
        table: str, owner_id: str, states: Iterable[str]
    ) -> tuple[sa.Constraint | sa.Index, ...]:
        """Return what its table must keep true; `owner_id` names the event or session."""
        return (
            sa.UniqueConstraint(owner_id, "user_id"),
            sa.CheckConstraint("user_id IS NULL OR guest_id IS NULL", name="who"),
            one_of("state", states),
            sa.CheckConstraint("party BETWEEN 1 AND 21", name="party"),
            sa.CheckConstraint(
                "seats_waiting = 0 OR (state = 'going' AND seats_waiting BETWEEN 1 AND 20)",
                name="seats_waiting",
            ),
            sa.CheckConstraint(
                "(state IN ('waiting', 'offered') OR seats_waiting > 0) = (position IS NOT NULL)",
                name="position",
            ),
            sa.CheckConstraint(
                "(state = 'offered') = (offered_until IS NOT NULL)", name="offered_until"
            ),
            sa.Index(f"ix_{table}_waitlist", owner_id, "position", unique=True),
            sa.Index(f"ix_{table}_offered_until", "offered_until"),
        )

    @property
    def holds_seats(self) -> bool:
        """Whether the party's seats are kept from others."""
        return self.state in (GOING, OFFERED)

    @property
    def seats_taken(self) -> int:
        """How many seats are kept from others."""
        return self.party if self.holds_seats else 0

    @property
    def is_out(self) -> bool:
        """Whether the person isn't going."""
        return self.state in (NOT_GOING, REFUSED)

    @property
    def calendar_turns(self) -> int:
        """Return what this answer adds to SEQUENCE: 1 each time it removes the calendar entry or
        restores it.
        """
        return 2 * self.withdrawals - (1 if self.is_out and self.withdrawals else 0)

    @property
    def is_on_waitlist(self) -> bool:
        """Whether it is on the waiting list, for all its seats or for further ones."""
        return self.state == WAITING or bool(self.seats_waiting)

    @property
    def seats_wanted(self) -> int:
        """Return how many seats a party on the waiting list needs."""
        return self.seats_waiting or self.party
