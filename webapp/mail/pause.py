"""The pause after a restore: what waited when the backup was made may have gone out since, and
nobody but a person knows.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from ..core.db import site_flags
from ..core.db.session import rows_changed
from ..core.extensions import db
from ..core.http.errors import UserError
from ..core.time import clock
from . import outbox
from .leases import PAUSED
from .models import DROPPED, QUEUED, SENDING, OutgoingEmail

_WAITS = OutgoingEmail.state.in_((QUEUED, SENDING))


class HeldEmail(NamedTuple):
    """An email that the pause holds."""

    id: UUID
    template: str
    address: str
    created_at: datetime


def pause(why: str) -> None:
    """No email leaves from now on, no matter who posted it, until `release`."""
    site_flags.set_now(PAUSED, why)


def since() -> datetime | None:
    """When the pause began; None when email goes its way."""
    mark = site_flags.get(PAUSED)
    return mark.at if mark else None


def waiting(most: int = 200) -> Sequence[HeldEmail]:
    """What the pause holds, the oldest first."""
    columns = sa.select(*[getattr(OutgoingEmail, name) for name in HeldEmail._fields])
    return [
        HeldEmail(*row)
        for row in db.session.execute(
            columns.where(_WAITS).order_by(OutgoingEmail.created_at).limit(most)
        )
    ]


def drop(email_id: UUID) -> int:
    """The email will not be sent; returns 1, or 0 when it does not wait any more."""
    return _drop(OutgoingEmail.id == email_id)


def drop_old() -> int:
    """Nothing that was posted before the pause began will be sent; returns how many emails that
    were.
    """
    began = since()
    return _drop(OutgoingEmail.created_at <= began) if began else _drop(sa.false())


def drop_all() -> int:
    """Nothing that waits will be sent; returns how many emails that were."""
    return _drop(sa.true())


def _drop(which: sa.ColumnElement[bool]) -> int:
    if since() is None:
        raise UserError(_("Email isn’t paused."))
    end = {"state": DROPPED, "ended_at": clock.database_now(), "lease": None, "leased_until": None}
    return rows_changed(sa.update(OutgoingEmail).where(_WAITS, which).values(**end))


def release() -> int:
    """The pause is over, and what waits goes out; returns how many emails that are."""
    if since() is None:
        raise UserError(_("Email isn’t paused."))
    site_flags.clear(PAUSED)
    ids = db.session.execute(
        sa.select(OutgoingEmail.id, OutgoingEmail.attempts).where(_WAITS)
    ).all()
    for email_id, attempts in ids:
        outbox.wake(email_id, attempts)
    return len(ids)
