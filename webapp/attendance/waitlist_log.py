"""The waiting list's log: what happened, to whom, and why. Written under the event's lock."""

from collections.abc import Sequence

import sqlalchemy as sa

from ..core.extensions import db
from ..events.models import Event, WaitlistEntry, WaitlistOwner, WaitlistStep, event_of
from .registration import option_capacity


def note_passed(owner: WaitlistOwner, passed: Sequence[WaitlistEntry]) -> None:
    """The log says of each of these parties that it was passed: for want of seats, or of a place
    in what it has picked.
    """
    for entry in passed:
        log(owner, "skipped", entry, entry.seats_wanted, full=_full_for(owner, entry))


def _full_for(owner: WaitlistOwner, entry: WaitlistEntry) -> str:
    """What else than the seats is too few for a party that waits."""
    if not owner.has_registration_form or (
        owner.seats_free is not None and entry.seats_wanted > owner.seats_free
    ):
        return ""
    return option_capacity.first_full(entry.picks, entry.seats_wanted)


def log(
    owner: WaitlistOwner,
    step: str,
    entry: WaitlistEntry | None = None,
    party: int | None = None,
    full: str = "",
) -> None:
    """One more step in the event's log, which is that of its sessions, too; with the seats that
    are free before it.
    """
    event_id = event_of(owner).id
    so_far = sa.select(sa.func.coalesce(sa.func.max(WaitlistStep.number), 0)).where(
        WaitlistStep.event_id == event_id
    )
    db.session.add(
        WaitlistStep(
            event_id=event_id,
            session_id=None if isinstance(owner, Event) else owner.id,
            number=so_far.scalar_subquery() + 1,
            user_id=entry.user_id if entry else None,
            guest_id=entry.guest_id if entry else None,
            step=step,
            party=party or (entry.party if entry else 0),
            seats_free=owner.seats_free,
            full=full,
        )
    )
