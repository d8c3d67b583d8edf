"""Leases on exports: one worker at a time packs one, by the database's clock."""

import uuid
from datetime import timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from ..accounts.models import User
from ..core.db import database_clock
from ..core.jobs import leases
from ..core.time import clock
from . import exports
from .models import READY, RUNNING, WAITING, DataExport

#: How long a packer may be silent before another starts again.
LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 3
#: How long an archive can be downloaded.
KEPT = timedelta(days=7)


class HeldExport(NamedTuple):
    """An export that only we may pack while the lease lasts."""

    id: uuid.UUID
    user_id: uuid.UUID
    lease: uuid.UUID
    file: str


def take(export_id: uuid.UUID) -> HeldExport | None:
    """Lease the export to pack it from the start; None if another worker packs it, or it has ended.

    It is ours once this commits.
    """
    lease, now = uuid.uuid4(), database_clock.now()
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
    """The condition for exports that should be packed and aren't leased.

    For people who are leaving, packing waits until they are back.
    """
    abandoned = sa.and_(DataExport.state == RUNNING, DataExport.leased_until <= now)
    is_here = sa.exists().where(User.id == DataExport.user_id, User.deactivated_at.is_(None))
    return sa.and_(sa.or_(DataExport.state == WAITING, abandoned), is_here)


def renew(held: HeldExport, done: int, total: int) -> bool:
    """Record the progress and renew the lease. Return False if the lease was lost."""
    until = database_clock.now() + LEASE
    return leases.write(DataExport, held, done=done, total=total, leased_until=until)


def mark_ready(held: HeldExport, size: int) -> bool:
    """Mark the archive as ready to download. Return False if the lease was lost."""
    expires_at = clock.now() + KEPT
    return leases.write(
        DataExport, held, state=READY, size=size, expires_at=expires_at, **leases.FREE
    )
