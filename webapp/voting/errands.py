"""What is done for many people of a vote: they are reminded, they are told the outcome, their
answers go to an event.

The row of `Errand` commits with what asked for it; a job takes the people slice by slice, each
slice in a transaction with the place that it has come to (`core.jobs.batches`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from ..accounts.models import User
from ..core.db.session import new_id
from ..core.extensions import db
from ..core.jobs.batches import BATCH_SIZE, STALLED_AFTER
from ..core.jobs.queue import enqueue
from ..core.time import clock
from .models import Errand, Vote

JOB = "voting.run_errand"


@dataclass(frozen=True)
class Work:
    """How one kind of errand is run: for whom (a statement of rows with this id), whether it still
    stands, and what is done.

    `done` gives how many of the rows it was done for.
    """

    who: Callable[[Vote, Errand], sa.Select[Any]]
    id: Any
    stands: Callable[[Vote, Errand], bool]
    done: Callable[[Vote, Errand, Sequence[Any]], int]


#: kind -> how it is run; `works` fills it
WORKS: dict[str, Work] = {}


def ask(
    vote: Vote,
    kind: str,
    by: User | None = None,
    closes_at: datetime | None = None,
    id: UUID | None = None,
) -> Errand:
    """The errand is run once this transaction has committed."""
    errand = Errand(
        id=id or new_id(),
        vote_id=vote.id,
        kind=kind,
        by_id=by.id if by else None,
        closes_at=closes_at,
    )
    errand.created_at, errand.done = clock.now(), 0
    db.session.add(errand)
    db.session.flush()
    enqueue(JOB, str(errand.id))
    return errand


def hold(vote: Vote, *kinds: str) -> None:
    """Until this transaction ends no slice of these errands is run, and those that ran have
    committed.
    """
    wanted = sa.select(Errand.id).where(Errand.vote_id == vote.id, Errand.kind.in_(kinds))
    db.session.execute(wanted.order_by(Errand.id).with_for_update()).all()


def count_of(vote: Vote, errand: Errand) -> int:
    """For how many it would be run now."""
    wanted = WORKS[errand.kind].who(vote, errand)
    return db.session.scalar(sa.select(sa.func.count()).select_from(wanted.subquery())) or 0


def step(errand_id: UUID) -> bool:
    """One slice more is done; False when nobody is left, or it has become pointless.

    The caller commits.
    """
    errand = db.session.get(Errand, errand_id, with_for_update=True, populate_existing=True)
    if errand is None or errand.ended_at is not None:
        return False
    vote, work = errand.vote, WORKS[errand.kind]
    if not work.stands(vote, errand):
        errand.ended_at = clock.now()
        return False
    rows = _next(vote, errand, work)
    ids = [row.id for row in rows]
    errand.begun_at = errand.begun_at or clock.now()
    errand.done += work.done(vote, errand, rows)
    if len(ids) < BATCH_SIZE:
        errand.ended_at = clock.now()
        return False
    errand.after = ids[-1]
    return True


def _next(vote: Vote, errand: Errand, work: Work) -> Sequence[Any]:
    wanted = work.who(vote, errand)
    if errand.after is not None:
        wanted = wanted.where(work.id > errand.after)
    return db.session.scalars(wanted.order_by(work.id).limit(BATCH_SIZE)).all()


def last(vote: Vote, *kinds: str) -> Errand | None:
    """The latest errand of these kinds."""
    wanted = sa.select(Errand).where(Errand.vote_id == vote.id, Errand.kind.in_(kinds))
    return db.session.scalar(wanted.order_by(Errand.created_at.desc(), Errand.id.desc()).limit(1))


def due(now: datetime) -> Sequence[UUID]:
    """Those that were left behind, or are still at it."""
    wanted = sa.select(Errand.id).where(
        Errand.ended_at.is_(None), Errand.created_at <= now - STALLED_AFTER
    )
    return db.session.scalars(wanted.order_by(Errand.created_at, Errand.id)).all()
