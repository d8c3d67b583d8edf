"""Reaching many: they are told something, reminded of it or brought along, slice by slice.

Ten thousand notifications and emails are no part of the request that causes them. The row of
`FanOut` commits with its cause; a job takes those whom it concerns slice by slice, each slice in a
transaction with the place that it has come to. A worker that dies leaves the row where it was, and
the next one goes on from there: nobody is left out, and nobody is told twice.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ..db.session import Entity, foreign_key
from ..extensions import db
from ..time import clock
from . import batches
from .batches import BATCH_SIZE, STALLED_AFTER
from .queue import enqueue, every, job

JOB = "fan_out.run"


class FanOut(Entity, db.Model):
    """Those whom something concerns are being reached: `done` of them, `after` is the last one.

    `kind` names an `Audience`, `subject_id` the row that it is about. That row may go at any
    time, and takes the words with it: then nobody is left to reach. It doesn't
    begin before `due_at`. `reminder_for` is the time that a reminder speaks of: there is one for
    each.
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
    """Nobody watches how far it is."""


@dataclass(frozen=True)
class Audience:
    """How one kind of fan-out is run: `load` gives what it is about, or None once that is gone.

    `people` is a statement of those whom it concerns, in the order of `id`; `is_current` is whether
    it still does; `reach` is given a slice of them; `progressed` is told of each slice and of the
    end.
    """

    load: Callable[[uuid.UUID], Any]
    people: Callable[[Any, FanOut], sa.Select[Any]]
    id: Any
    is_current: Callable[[Any, FanOut], bool]
    reach: Callable[[Any, FanOut, Sequence[Any]], None]
    progressed: Callable[[Any, FanOut], None] = _nothing


#: kind -> how it is run; features add theirs
AUDIENCES: dict[str, Audience] = {}


def ask(kind: str, subject_id: uuid.UUID, **values: Any) -> FanOut:
    """It is run once this transaction has committed, or when its `due_at` has come."""
    row = FanOut(kind=kind, subject_id=subject_id, created_at=clock.now(), **values)
    db.session.add(row)
    db.session.flush()
    if row.due_at is None:
        enqueue_run(row)
    return row


def enqueue_run(row: FanOut) -> None:
    """The job runs soon after this transaction has committed."""
    enqueue(JOB, str(row.id))


def step(fan_out_id: uuid.UUID) -> bool:
    """One slice more is done; False when nobody is left, or it is not yet time.

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
    wanted = audience.people(subject, row)
    if row.after is not None:
        wanted = wanted.where(audience.id > row.after)
    return db.session.scalars(wanted.order_by(audience.id).limit(BATCH_SIZE)).all()


def stop(subject: Any, row: FanOut) -> None:
    """Nobody is reached any more who has not been yet. The caller holds the row."""
    row.ended_at = clock.now()
    AUDIENCES[row.kind].progressed(subject, row)


def count_of(subject: Any, row: FanOut) -> int:
    """How many it would reach now, were it to begin."""
    wanted = AUDIENCES[row.kind].people(subject, row)
    return db.session.scalar(sa.select(sa.func.count()).select_from(wanted.subquery())) or 0


def hold(subject_id: uuid.UUID, *kinds: str) -> None:
    """Until this transaction ends no slice of these is run, and those that ran have committed."""
    wanted = _of(subject_id, *kinds).order_by(FanOut.id).with_for_update()
    db.session.execute(wanted).all()


def last(subject_id: uuid.UUID, *kinds: str) -> FanOut | None:
    """The latest of these kinds."""
    latest = _of(subject_id, *kinds).order_by(FanOut.created_at.desc(), FanOut.id.desc())
    return db.session.scalar(latest.limit(1))


def _of(subject_id: uuid.UUID, *kinds: str) -> sa.Select[Any]:
    return sa.select(FanOut).where(FanOut.subject_id == subject_id, FanOut.kind.in_(kinds))


def due(now: datetime) -> Sequence[uuid.UUID]:
    """What should be on its way: its time has come, or it was left behind, or is still at it."""
    lost = sa.and_(FanOut.due_at.is_(None), FanOut.created_at <= now - STALLED_AFTER)
    query = sa.select(FanOut.id).where(
        FanOut.ended_at.is_(None), sa.or_(FanOut.due_at <= now, lost)
    )
    return db.session.scalars(query.order_by(FanOut.created_at, FanOut.id)).all()


@job(JOB)
def run(fan_out_id: str) -> None:
    """All whom it concerns have been reached, each once; two workers at once take turns."""
    batches.run_batches(step, fan_out_id)


@job("fan_out.sweep")
def sweep() -> None:
    """What waited for its time is run, and what was left behind goes on."""
    batches.enqueue_each(JOB, due(clock.now()))


every(30, "fan_out.sweep")
