"""The waiting list's log: what happened, to whom, and why. Written under the event's lock."""

from collections.abc import Sequence

import sqlalchemy as sa

from ..core.extensions import db
from ..events.models import Event, QueueStep, WaitlistEntry, WaitlistOwner, event_of
from .registration import option_capacity


def note_passed(line: WaitlistOwner, passed: Sequence[WaitlistEntry]) -> None:
    """The log says of each of these parties that it was passed: for want of seats, or of a place
    in what it has picked.
    """
    for row in passed:
        log(line, "skipped", row, row.needs, full=_full_for(line, row))


def _full_for(line: WaitlistOwner, row: WaitlistEntry) -> str:
    """What else than the seats is too few for a party that waits."""
    if not line.asks or (line.seats_free is not None and row.needs > line.seats_free):
        return ""
    return option_capacity.first_full(row.picks, row.needs)


def log(
    line: WaitlistOwner,
    step: str,
    row: WaitlistEntry | None = None,
    party: int | None = None,
    full: str = "",
) -> None:
    """One more step in the event's log, which is that of its sessions, too; with the seats that
    are free before it.
    """
    event_id = event_of(line).id
    so_far = sa.select(sa.func.coalesce(sa.func.max(QueueStep.number), 0)).where(
        QueueStep.event_id == event_id
    )
    db.session.add(
        QueueStep(
            event_id=event_id,
            session_id=None if isinstance(line, Event) else line.id,
            number=so_far.scalar_subquery() + 1,
            user_id=row.user_id if row else None,
            guest_id=row.guest_id if row else None,
            step=step,
            party=party or (row.party if row else 0),
            seats_free=line.seats_free,
            full=full,
        )
    )
