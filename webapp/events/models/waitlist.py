"""What events and agenda sessions have in common: seats, and a waiting list."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

GOING, WAITING, OFFERED = "going", "waiting", "offered"
NOT_GOING, REFUSED = "not_going", "refused"


class WaitlistOwner:
    """Something with seats.

    `seats_taken` counts the people of all parties that are going or hold an offer, `waiting_count`
    the parties on the waiting list. Both change only under the event's lock, with the rows that
    they count.
    """

    if TYPE_CHECKING:
        id: Any
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


class WaitlistEntry:
    """A party that holds seats or waits for them.

    `party` counts the person and their plus-ones; `position` orders the waiting list.
    `seats_waiting`: further seats that a party that is going waits for, for plus-ones who didn't
    fit. `declined_offer`: waits, but declined or missed an offer; gets the next one only when other
    seats become free. `withdrawals`: how often the person answered Can't go, at first or later.
    """

    if TYPE_CHECKING:
        id: Any
        user_id: Any
        guest_id: Any
        user: Any
        picks: Any

        @property
        def who(self) -> Any:
            """The person whose seats they are or would be."""

    state: Mapped[str]
    party: Mapped[int] = mapped_column(default=1)
    seats_waiting: Mapped[int] = mapped_column(default=0)
    position: Mapped[int | None]
    offered_until: Mapped[datetime | None]
    declined_offer: Mapped[bool] = mapped_column(default=False)
    withdrawals: Mapped[int] = mapped_column(default=0, server_default="0")

    @property
    def holds_seats(self) -> bool:
        """Whether the party's seats are kept from others."""
        return self.state in (GOING, OFFERED)

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


#: Class of owner -> the model of its entries, and the column in it that names the owner.
ROWS: dict[type[WaitlistOwner], tuple[Any, Any]] = {}


def rows_of(owner: WaitlistOwner) -> Any:
    """Return the model of entries that hold its seats or wait for them."""
    return ROWS[type(owner)][0]


def is_at(owner: WaitlistOwner) -> sa.ColumnElement[bool]:
    """Return the condition on that model for entries of this event or session."""
    condition: sa.ColumnElement[bool] = ROWS[type(owner)][1] == owner.id
    return condition
