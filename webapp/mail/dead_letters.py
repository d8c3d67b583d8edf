"""Undeliverable emails: listed, and sent again when someone has fixed the cause."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from ..core.db import database_clock
from ..core.db.session import rows_changed
from ..core.extensions import db
from ..core.http.errors import UserError
from . import outbox
from .models import DEAD, DROPPED, QUEUED, OutgoingEmail


def newest(most: int = 100) -> Sequence[OutgoingEmail]:
    """Return the undeliverable emails, latest first."""
    dead = (
        sa.select(OutgoingEmail)
        .where(OutgoingEmail.state == DEAD)
        .order_by(OutgoingEmail.ended_at.desc())
    )
    return db.session.scalars(dead.limit(most)).all()


def count() -> int:
    """Return how many emails are undeliverable."""
    return db.session.scalar(sa.select(how_many())) or 0


def how_many(_user: Any = None) -> sa.ScalarSelect[int]:
    """Return the same number as a subquery."""
    return (
        sa.select(sa.func.count(OutgoingEmail.id))
        .where(OutgoingEmail.state == DEAD)
        .scalar_subquery()
    )


def find(email_id: UUID) -> OutgoingEmail | None:
    """Return the email if it is undeliverable, otherwise None."""
    return db.session.scalar(
        sa.select(OutgoingEmail).where(OutgoingEmail.id == email_id, OutgoingEmail.state == DEAD)
    )


def retry(email_id: UUID) -> None:
    """Queue the email again, with all attempts before it and the same Message-ID.

    Raises UserError if it is no longer undeliverable.
    """
    if not _revive(OutgoingEmail.id == email_id):
        raise UserError(_("This email has already been sent again or discarded."))


def retry_all() -> int:
    """Queue every undeliverable email again; return how many."""
    return _revive(sa.true())


def discard(email_id: UUID) -> None:
    """Drop the email: never send it, and don't list it any more.

    Raises UserError if it is no longer undeliverable.
    """
    if not _drop(OutgoingEmail.id == email_id):
        raise UserError(_("This email has already been sent again or discarded."))


def discard_all() -> int:
    """Drop every undeliverable email; return how many."""
    return _drop(sa.true())


def _drop(which: sa.ColumnElement[bool]) -> int:
    dropped = (
        sa.update(OutgoingEmail).where(OutgoingEmail.state == DEAD, which).values(state=DROPPED)
    )
    return rows_changed(dropped)


def _revive(which: sa.ColumnElement[bool]) -> int:
    """Queue these emails with attempts from 0, and so with job ids that are free by now."""
    revived = (
        sa.update(OutgoingEmail)
        .where(OutgoingEmail.state == DEAD, which)
        .values(state=QUEUED, attempts=0, due_at=database_clock.now(), ended_at=None)
        .returning(OutgoingEmail.id)
    )
    ids = db.session.scalars(revived).all()
    for email_id in ids:
        outbox.wake(email_id, attempts=0)
    return len(ids)
