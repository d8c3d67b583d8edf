"""Whose turn it is to ask a source: one at a time, for so long, by the database's clock."""

import uuid
from datetime import timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from ..core.db.session import POPULATE_EXISTING
from ..core.extensions import db
from ..core.jobs import leases
from ..core.time import clock
from ..groups.models import Group
from .models import NewsSource

#: So long a process that asks may be silent before another asks: several times what
#: `fetching.PATIENCE` allows.
LEASE = timedelta(minutes=2)
#: So many sources are asked at once: a site of one process has other things to do, too.
AT_ONCE = 6


class HeldSource(NamedTuple):
    """A source that we, and nobody else, ask while the lease lasts."""

    id: uuid.UUID
    group_id: uuid.UUID | None
    lease: uuid.UUID
    url: str
    etag: str
    last_modified: str
    kind: str


def take() -> list[HeldSource]:
    """Sources that are due, those that have waited longest first: ours once this commits."""
    now = clock.database_now()
    some = (
        sa.select(NewsSource.id)
        .where(waits(now))
        .order_by(NewsSource.due_at, NewsSource.id)
        .limit(AT_ONCE)
    )
    ids = list(db.session.scalars(some.with_for_update(skip_locked=True)))
    if not ids:
        return []
    return leases.take(NewsSource, HeldSource, now + LEASE, NewsSource.id.in_(ids))


def waits(now: Any) -> sa.ColumnElement[bool]:
    """What holds of sources that should be asked and that nobody asks: those of a group that was
    put away rest.
    """
    is_free = sa.or_(NewsSource.leased_until.is_(None), NewsSource.leased_until <= now)
    stands = sa.exists().where(Group.id == NewsSource.group_id, Group.deleted_at.is_(None))
    return sa.and_(NewsSource.due_at <= now, is_free, sa.or_(NewsSource.group_id.is_(None), stands))


def still_ours(held: HeldSource) -> NewsSource | None:
    """The source, under its lock, to be written to: None when it is gone, or someone else's by
    now. The lease is over.

    Its group is held before it, as by anyone who removes a source: its items name both.
    """
    db.session.execute(
        sa.select(Group.id)
        .where(Group.id == held.group_id)
        .with_for_update(read=True, key_share=True)
    )
    wanted = (
        sa.select(NewsSource)
        .where(NewsSource.id == held.id, NewsSource.lease == held.lease)
        .with_for_update()
    )
    source = db.session.scalar(wanted, execution_options=POPULATE_EXISTING)
    if source is not None:
        source.lease = source.leased_until = None
    return source
