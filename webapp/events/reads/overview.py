"""How an event stands, for its hosts: the answers by state, what the queue needs, and all that
happened in it.
"""

from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from ...core.extensions import db
from ...core.pages import Page
from ..audience import CONCERNED
from ..models import GOING, OFFERED, WAITING, Event, QueueStep, Rsvp
from .answers import steps_of

STEPS_EACH = 50


class Stand(NamedTuple):
    """Parties and people by the state of their answer; the smallest party that waits, and when
    the first offer runs out.
    """

    parties: dict[str, int]
    people: dict[str, int]
    smallest_waiting: int | None
    first_offer_ends: datetime | None

    @property
    def seats(self) -> int:
        """How many are going or have seats held for them."""
        return self.people.get(GOING, 0) + self.people.get(OFFERED, 0)

    @property
    def answered(self) -> int:
        """How many parties are going, may come, wait, or ask to come."""
        return sum(self.parties.get(state, 0) for state in CONCERNED)


def stand_of(event: Event) -> Stand:
    """How the event stands now. One statement, which counts in an index."""
    here = Rsvp.event_id == event.id
    waits = sa.select(sa.func.min(Rsvp.party)).where(
        here, Rsvp.state == WAITING, Rsvp.has_let_go.is_(False)
    )
    ends = sa.select(sa.func.min(Rsvp.offered_until)).where(here, Rsvp.state == OFFERED)
    counted: list[Any] = [
        Rsvp.state,
        sa.func.count().label("parties"),
        sa.func.sum(Rsvp.party).label("people"),
    ]
    extra = [waits.scalar_subquery().label("smallest"), ends.scalar_subquery().label("ends")]
    rows = db.session.execute(sa.select(*counted, *extra).where(here).group_by(Rsvp.state)).all()
    parties = {row.state: row.parties for row in rows}
    people = {row.state: int(row.people) for row in rows}
    first = rows[0] if rows else None
    return Stand(parties, people, first.smallest if first else None, first.ends if first else None)


def log_of(event: Event, number: int = 1, size: int = STEPS_EACH) -> Page:
    """A page of all that happened in the queue, the latest first, with whom: they are numbered.

    Two statements.
    """
    last = (
        db.session.scalar(
            sa.select(sa.func.max(QueueStep.number)).where(QueueStep.event_id == event.id)
        )
        or 0
    )
    until = last - (number - 1) * size
    return Page(steps_of(event, size, until) if until > 0 else [], last, number, size)
