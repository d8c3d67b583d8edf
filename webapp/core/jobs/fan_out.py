"""Notify, remind or move many people in batches, so that nobody is left out or notified twice.

Ten thousand notifications are too much for the request that causes them. A `FanOut` row commits
with its cause. A job then processes people in batches, each in a transaction that also records the
progress. If a worker dies the next one continues from there.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ..db.base import Entity, foreign_key
from ..extensions import db
from ..time import clock
from . import batches
from .batches import BATCH_SIZE, STALLED_AFTER
from .queue import enqueue, every, job

JOB = "fan_out.run"


class FanOut(Entity, db.Model):
    """Reaching many people, in progress: `done` have been reached, `after` is the last of them.

    `kind` names an `Audience`, `subject_id` the row that it is about. That row may be deleted at
    any time: then nobody else is reached. It starts at `due_at`, if set. `reminder_for` is the
    time that a reminder is about: each time has its own reminder.
    """

    __tablename__ = "fan_out"
    __table_args__ = (
        sa.UniqueConstraint("subject_id", "kind", "reminder_for"),
        sa.CheckConstraint("done >= 0", name="done"),
        sa.Index(
            "ix_fan_out_running",
            "created_at",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )

    kind: Mapped[str] = mapped_column(sa.String(20))
    subject_id: Mapped[uuid.UUID]
    by_id: Mapped[uuid.UUID | None] = foreign_key("user.id", ondelete="SET NULL", index=True)
    reminder_for: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    after: Mapped[uuid.UUID | None]
    done: Mapped[int] = mapped_column(default=0)
    begun_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


def _nothing(_subject: Any, _row: FanOut) -> None:
    """The default for `progressed`."""


@dataclass(frozen=True)
class Audience:
    """How one kind of fan-out runs.

    `load` returns the subject, or None if it was deleted. `people` is a statement of the
    recipients, ordered by `id`. `is_current` says whether it should go on. `reach` handles a batch.
    `progressed` is called after each batch and at the end.
    """

    load: Callable[[uuid.UUID], Any]
    people: Callable[[Any, FanOut], sa.Select[Any]]
    id: Any
    is_current: Callable[[Any, FanOut], bool]
    reach: Callable[[Any, FanOut, Sequence[Any]], None]
    progressed: Callable[[Any, FanOut], None] = _nothing


#: Kind -> how it runs; features add theirs.
AUDIENCES: dict[str, Audience] = {}


def start(kind: str, subject_id: uuid.UUID, **values: Any) -> FanOut:
    """Start a fan-out after this transaction commits, or at its `due_at`."""
    row = FanOut(kind=kind, subject_id=subject_id, created_at=clock.now(), **values)
    db.session.add(row)
    db.session.flush()
    if row.due_at is None:
        enqueue_run(row)
    return row


def enqueue_run(row: FanOut) -> None:
    """Enqueue the job; it runs after this transaction commits."""
    enqueue(JOB, str(row.id))


def step(fan_out_id: uuid.UUID) -> bool:
    """Process one batch. Return False if nobody is left, or it isn't due yet.

    The caller commits.
    """
    row = db.session.get(FanOut, fan_out_id, with_for_update=True, populate_existing=True)
    if row is None or row.ended_at is not None or _is_waiting(row):
        return False
    audience = AUDIENCES[row.kind]
    subject = audience.load(row.subject_id)
    if subject is None:
        db.session.delete(row)
        return False
    if not audience.is_current(subject, row):
        stop(subject, row)
        return False
    rows = _next(audience, subject, row)
    ids = [one.id for one in rows]
    audience.reach(subject, row, rows)
    row.begun_at = row.begun_at or clock.now()
    row.done += len(ids)
    if len(ids) < BATCH_SIZE:
        stop(subject, row)
        return False
    row.after = ids[-1]
    audience.progressed(subject, row)
    return True


def _is_waiting(row: FanOut) -> bool:
    return row.due_at is not None and row.due_at > clock.now()


def _next(audience: Audience, subject: Any, row: FanOut) -> Sequence[Any]:
    query = audience.people(subject, row)
    if row.after is not None:
        query = query.where(audience.id > row.after)
    return db.session.scalars(query.order_by(audience.id).limit(BATCH_SIZE)).all()


def stop(subject: Any, row: FanOut) -> None:
    """End the fan-out; the rest isn't notified. The caller has locked the row."""
    row.ended_at = clock.now()
    AUDIENCES[row.kind].progressed(subject, row)


def count_of(subject: Any, row: FanOut) -> int:
    """Return how many people it would reach if it began now."""
    query = AUDIENCES[row.kind].people(subject, row)
    return db.session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0


def hold(subject_id: uuid.UUID, *kinds: str) -> None:
    """Lock these fan-outs until the end of the transaction: no batch runs meanwhile."""
    query = _of(subject_id, *kinds).order_by(FanOut.id).with_for_update()
    db.session.execute(query).all()


def last(subject_id: uuid.UUID, *kinds: str) -> FanOut | None:
    """Return the latest of these kinds, or None."""
    latest = _of(subject_id, *kinds).order_by(FanOut.created_at.desc(), FanOut.id.desc())
    return db.session.scalar(latest.limit(1))


def _of(subject_id: uuid.UUID, *kinds: str) -> sa.Select[Any]:
    return sa.select(FanOut).where(FanOut.subject_id == subject_id, FanOut.kind.in_(kinds))


def due(now: datetime) -> Sequence[uuid.UUID]:
    """Return the fan-outs that should run: due, stalled, or still running."""
    lost = sa.and_(FanOut.due_at.is_(None), FanOut.created_at <= now - STALLED_AFTER)
    query = sa.select(FanOut.id).where(
        FanOut.ended_at.is_(None), sa.or_(FanOut.due_at <= now, lost)
    )
    return db.session.scalars(query.order_by(FanOut.created_at, FanOut.id)).all()


@job(JOB)
def run(fan_out_id: str) -> None:
    """Reach everyone concerned, once. Two workers take turns."""
    batches.run_batches(step, fan_out_id)


@job("fan_out.sweep")
def sweep() -> None:
    """Start what is due, and continue what was interrupted."""
    batches.enqueue_each(JOB, due(clock.now()))


every(30, "fan_out.sweep")
