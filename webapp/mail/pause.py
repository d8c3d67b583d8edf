"""The pause after a restore: emails that were waiting at the time of the backup may have been sent
since. Only a person can decide.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from ..core.db import database_clock, site_flags
from ..core.db.session import rows_changed
from ..core.extensions import db
from ..core.http.errors import UserError
from . import outbox
from .leases import PAUSED
from .models import DROPPED, QUEUED, SENDING, OutgoingEmail

_WAITS = OutgoingEmail.state.in_((QUEUED, SENDING))


class HeldEmail(NamedTuple):
    """An email held by the pause."""

    id: UUID
    template: str
    address: str
    created_at: datetime


def pause(why: str) -> None:
    """Stop sending email until `release`."""
    site_flags.set_now(PAUSED, why)


def since() -> datetime | None:
    """Return when the pause began; None if email isn't paused."""
    mark = site_flags.get(PAUSED)
    return mark.at if mark else None


def waiting(most: int = 200) -> Sequence[HeldEmail]:
    """Return the emails held, oldest first."""
    columns = sa.select(*[getattr(OutgoingEmail, name) for name in HeldEmail._fields])
    return [
        HeldEmail(*row)
        for row in db.session.execute(
            columns.where(_WAITS).order_by(OutgoingEmail.created_at).limit(most)
        )
    ]


def drop(email_id: UUID) -> int:
    """Drop the email; return 1, or 0 if it isn't waiting any more."""
    return _drop(OutgoingEmail.id == email_id)


def drop_old() -> int:
    """Drop emails from before the pause; return how many."""
    began = since()
    return _drop(OutgoingEmail.created_at <= began) if began else _drop(sa.false())


def drop_all() -> int:
    """Drop all waiting emails; return how many."""
    return _drop(sa.true())


def _drop(which: sa.ColumnElement[bool]) -> int:
    if since() is None:
        raise UserError(_("Email isn’t paused."))
    end = {"state": DROPPED, "ended_at": database_clock.now(), "lease": None, "leased_until": None}
    return rows_changed(sa.update(OutgoingEmail).where(_WAITS, which).values(**end))


def release() -> int:
    """End the pause and queue the waiting emails; return how many.

    Raises UserError if email isn't paused.
    """
    if since() is None:
        raise UserError(_("Email isn’t paused."))
    site_flags.clear(PAUSED)
    ids = db.session.execute(
        sa.select(OutgoingEmail.id, OutgoingEmail.attempts).where(_WAITS)
    ).all()
    for email_id, attempts in ids:
        outbox.wake(email_id, attempts)
    return len(ids)
