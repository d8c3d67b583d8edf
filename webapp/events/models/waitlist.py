"""What an event and a session of its agenda have in common: seats, and a waiting list for them."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

GOING, WAITING, OFFERED = "going", "waiting", "offered"
NOT_GOING, REFUSED = "not_going", "refused"


class WaitlistOwner:
    """Something with seats. `seats_taken` counts the parties of all who are going or hold an offer,
    `waiting_count` the parties in the queue; both change only under the event's lock, with the rows
    that they count."""

    if TYPE_CHECKING:
        id: Any
        #: whether something is picked with a seat, whose places may be limited, too
        has_registration_form: Any
        promotion: Any
        title: Any

        @property
        def deadline(self) -> datetime:
            """Until when seats are given and given back."""

        @property
        def is_cancelled(self) -> bool:
            """Whether it will not take place."""

        @property
        def path(self) -> str:
            """Where its page is."""

    capacity: Mapped[int | None]
    seats_taken: Mapped[int] = mapped_column(default=0)
    waiting_count: Mapped[int] = mapped_column(default=0)
    last_position: Mapped[int] = mapped_column(default=0)

    @property
    def is_limited(self) -> bool:
        """Whether there may be a queue: seats are limited, or perhaps places in what is picked."""
        return self.capacity is not None or self.has_registration_form

    @property
    def seats_free(self) -> int | None:
        """Seats that nobody holds; None without a limit, 0 also when more are taken than there
        are now.
        """
        return None if self.capacity is None else max(0, self.capacity - self.seats_taken)


class WaitlistEntry:
    """A party that holds seats, or is in the queue for them.

    `party` counts the person and their companions; `position` orders the queue. `seats_waiting`: a
    party that comes waits in the queue for so many further seats, for companions who did not fit.
    `declined_offer`: waits, but let an offer pass; is asked again only when other seats come free.
    `withdrawals`: how often the person stopped coming, or said from the start that they don't come.
    """

    if TYPE_CHECKING:
        id: Any
        user_id: Any
        guest_id: Any
        user: Any
        picks: Any

        @property
        def who(self) -> Any:
            """Whose seats they are, or would be."""

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
        """Whether the person doesn't come."""
        return self.state in (NOT_GOING, REFUSED)

    @property
    def calendar_turns(self) -> int:
        """What this answer adds to SEQUENCE: one more each time that it takes the entry out of a
        calendar or puts it back.
        """
        return 2 * self.withdrawals - (1 if self.is_out and self.withdrawals else 0)

    @property
    def is_queued(self) -> bool:
        """Whether it is in the queue, for all of its seats or for further ones."""
        return self.state == WAITING or bool(self.seats_waiting)

    @property
    def seats_wanted(self) -> int:
        """The seats for which a party in the queue waits."""
        return self.seats_waiting or self.party


#: For what has seats: the model of those that hold them or wait for them, and its column that names
#: the former.
ROWS: dict[type[WaitlistOwner], tuple[Any, Any]] = {}


def rows_of(owner: WaitlistOwner) -> Any:
    """Of which model those are that hold its seats and are in its queue."""
    return ROWS[type(owner)][0]


def is_at(owner: WaitlistOwner) -> sa.ColumnElement[bool]:
    """The condition on these for those of this event, or of this session."""
    condition: sa.ColumnElement[bool] = ROWS[type(owner)][1] == owner.id
    return condition
