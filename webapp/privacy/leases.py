"""Who is packing: one at a time, for so long, by the database's clock."""

import uuid
from datetime import timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from ..accounts.models import User
from ..core.jobs import leases
from ..core.time import clock
from . import exports
from .models import READY, RUNNING, WAITING, DataExport

#: So long a packer may be silent before another begins again.
LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 3
#: So long an archive can be fetched.
KEPT = timedelta(days=7)


class HeldExport(NamedTuple):
    """An export that we, and nobody else, pack while the lease lasts."""

    id: uuid.UUID
    user_id: uuid.UUID
    lease: uuid.UUID
    file: str


def take(export_id: uuid.UUID) -> HeldExport | None:
    """The export is ours to pack, from the beginning, once this commits; None when someone else
    packs it, or it is over.
    """
    lease, now = uuid.uuid4(), clock.database_now()
    begun: dict[str, Any] = {
        "lease": lease,
        "state": RUNNING,
        "attempts": DataExport.attempts + 1,
        "done": 0,
        "file": exports.name_of(export_id, lease),
    }
    due = (DataExport.id == export_id, is_waiting(now), DataExport.attempts < MOST_ATTEMPTS)
    taken = leases.take(DataExport, HeldExport, now + LEASE, *due, **begun)
    return taken[0] if taken else None


def is_waiting(now: Any) -> sa.ColumnElement[bool]:
    """What holds of exports that should be packed and that nobody packs; of someone who is
    leaving, once they are back.
    """
    abandoned = sa.and_(DataExport.state == RUNNING, DataExport.leased_until <= now)
    is_here = sa.exists().where(User.id == DataExport.user_id, User.deactivated_at.is_(None))
    return sa.and_(sa.or_(DataExport.state == WAITING, abandoned), is_here)


def renew(held: HeldExport, done: int, total: int) -> bool:
    """So much is packed, and the lease begins again. False when it was no longer ours."""
    until = clock.database_now() + LEASE
    return leases.write(DataExport, held, done=done, total=total, leased_until=until)


def mark_ready(held: HeldExport, size: int) -> bool:
    """The archive can be fetched. False when the lease was no longer ours."""
    expires_at = clock.now() + KEPT
    return leases.write(
        DataExport, held, state=READY, size=size, expires_at=expires_at, **leases.FREE
    )
