"""Letters that could not be delivered: listed, and tried again when somebody has mended the
cause.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from ..core import clock
from ..core.errors import RuleBroken
from ..core.extensions import db
from . import outbox
from .models import DEAD, DROPPED, QUEUED, Letter


def newest(most: int = 100) -> Sequence[Letter]:
    """The dead letters, the latest first."""
    dead = sa.select(Letter).where(Letter.state == DEAD).order_by(Letter.ended_at.desc())
    return db.session.scalars(dead.limit(most)).all()


def count() -> int:
    """How many letters are dead."""
    return db.session.scalar(sa.select(how_many())) or 0


def how_many(_user: Any = None) -> sa.ScalarSelect[int]:
    """The same as a subquery."""
    return sa.select(sa.func.count(Letter.id)).where(Letter.state == DEAD).scalar_subquery()


def find(letter_id: UUID) -> Letter | None:
    """The letter, if it is dead."""
    return db.session.scalar(sa.select(Letter).where(Letter.id == letter_id, Letter.state == DEAD))


def retry(letter_id: UUID) -> None:
    """The dead letter is in the queue again with all its attempts before it, under the same
    Message-ID.
    """
    if not _revive(Letter.id == letter_id):
        raise RuleBroken(_("This letter is not among the dead any more."))


def retry_all() -> int:
    """Every dead letter is in the queue again; returns how many."""
    return _revive(sa.true())


def discard(letter_id: UUID) -> None:
    """The dead letter will never be sent, and is listed no longer."""
    if not _drop(Letter.id == letter_id):
        raise RuleBroken(_("This letter is not among the dead any more."))


def discard_all() -> int:
    """No dead letter will ever be sent; returns how many that were."""
    return _drop(sa.true())


def _drop(which: sa.ColumnElement[bool]) -> int:
    dropped = sa.update(Letter).where(Letter.state == DEAD, which).values(state=DROPPED)
    return db.session.execute(dropped).rowcount  # type: ignore[attr-defined]


def _revive(which: sa.ColumnElement[bool]) -> int:
    """Their attempts begin again at 0, and with them the queue's name for the job, which is free
    by now.
    """
    revived = (
        sa.update(Letter)
        .where(Letter.state == DEAD, which)
        .values(state=QUEUED, attempts=0, due_at=clock.database_now(), ended_at=None)
        .returning(Letter.id)
    )
    ids = db.session.scalars(revived).all()
    for letter_id in ids:
        outbox.wake(letter_id, attempts=0)
    return len(ids)
