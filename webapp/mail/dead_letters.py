"""Emails that could not be delivered: listed, and tried again when someone has fixed the
cause.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from ..core.db.session import rows_changed
from ..core.extensions import db
from ..core.http.errors import UserError
from ..core.time import clock
from . import outbox
from .models import DEAD, DROPPED, QUEUED, OutgoingEmail


def newest(most: int = 100) -> Sequence[OutgoingEmail]:
    """The dead emails, the latest first."""
    dead = (
        sa.select(OutgoingEmail)
        .where(OutgoingEmail.state == DEAD)
        .order_by(OutgoingEmail.ended_at.desc())
    )
    return db.session.scalars(dead.limit(most)).all()


def count() -> int:
    """How many emails are dead."""
    return db.session.scalar(sa.select(how_many())) or 0


def how_many(_user: Any = None) -> sa.ScalarSelect[int]:
    """The same as a subquery."""
    return (
        sa.select(sa.func.count(OutgoingEmail.id))
        .where(OutgoingEmail.state == DEAD)
        .scalar_subquery()
    )


def find(email_id: UUID) -> OutgoingEmail | None:
    """The email, if it is dead."""
    return db.session.scalar(
        sa.select(OutgoingEmail).where(OutgoingEmail.id == email_id, OutgoingEmail.state == DEAD)
    )


def retry(email_id: UUID) -> None:
    """The dead email is in the queue again with all its attempts before it, under the same
    Message-ID.
    """
    if not _revive(OutgoingEmail.id == email_id):
        raise UserError(_("This email has already been sent again or discarded."))


def retry_all() -> int:
    """Every dead email is in the queue again; returns how many."""
    return _revive(sa.true())


def discard(email_id: UUID) -> None:
    """The dead email will never be sent, and is listed no longer."""
    if not _drop(OutgoingEmail.id == email_id):
        raise UserError(_("This email has already been sent again or discarded."))


def discard_all() -> int:
    """No dead email will ever be sent; returns how many that were."""
    return _drop(sa.true())


def _drop(which: sa.ColumnElement[bool]) -> int:
    dropped = (
        sa.update(OutgoingEmail).where(OutgoingEmail.state == DEAD, which).values(state=DROPPED)
    )
    return rows_changed(dropped)


def _revive(which: sa.ColumnElement[bool]) -> int:
    """Their attempts begin again at 0, and with them the queue's name for the job, which is free
    by now.
    """
    revived = (
        sa.update(OutgoingEmail)
        .where(OutgoingEmail.state == DEAD, which)
        .values(state=QUEUED, attempts=0, due_at=clock.database_now(), ended_at=None)
        .returning(OutgoingEmail.id)
    )
    ids = db.session.scalars(revived).all()
    for email_id in ids:
        outbox.wake(email_id, attempts=0)
    return len(ids)
