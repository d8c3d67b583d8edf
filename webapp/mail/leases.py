"""Who is delivering an email: one at a time, for so long, by the database's clock."""

import uuid
from datetime import timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from ..core.db import site_flags
from ..core.jobs import leases
from ..core.time import clock
from .models import DEAD, DROPPED, QUEUED, SENDING, SENT, OutgoingEmail

#: Minutes until the next attempt, after the first, the second …; after the last of them the email
#: is dead.
BACK_OFF = (1, 5, 15, 60, 120, 240, 480, 720, 1440)
MOST_ATTEMPTS = len(BACK_OFF) + 1
#: While this mark stands no email leaves: set by a restore, taken away by `flask held-mail
#: --release`.
PAUSED = "mail.paused"


class LeasedEmail(NamedTuple):
    """An email that we, and nobody else, may send while the lease lasts."""

    id: uuid.UUID
    lease: uuid.UUID
    template: str
    address: str
    locale: str
    ids: dict[str, Any]
    message_id: str
    attempts: int


def take(email_id: uuid.UUID, seconds: int) -> LeasedEmail | None:
    """The email is ours for so many seconds once this commits; None when it is not due, gone,
    or someone else's.
    """
    now = clock.database_now()
    due = (OutgoingEmail.id == email_id, is_waiting(now), OutgoingEmail.attempts < MOST_ATTEMPTS)
    attempts = OutgoingEmail.attempts + 1
    until = now + timedelta(seconds=seconds)
    taken = leases.take(OutgoingEmail, LeasedEmail, until, *due, state=SENDING, attempts=attempts)
    return taken[0] if taken else None


def is_waiting(now: Any) -> sa.ColumnElement[bool]:
    """What holds of emails that should be on their way and that nobody carries; of none while
    email is paused.
    """
    due = sa.and_(OutgoingEmail.state == QUEUED, OutgoingEmail.due_at <= now)
    abandoned = sa.and_(OutgoingEmail.state == SENDING, OutgoingEmail.leased_until <= now)
    return sa.and_(sa.or_(due, abandoned), ~site_flags.is_set(PAUSED))


def decide(
    held: LeasedEmail, template: str, locale: str, ids: dict[str, Any]
) -> LeasedEmail | None:
    """The email is this one from now on. None when the lease had run out."""
    ids = {name: str(value) for name, value in ids.items()}
    if not leases.write(OutgoingEmail, held, template=template, locale=locale, ids=ids):
        return None
    return held._replace(template=template, locale=locale, ids=ids)


def mark_sent(held: LeasedEmail) -> bool:
    """The email has gone out. False when the lease had run out and someone else had taken it."""
    return _end(held, SENT)


def mark_dropped(held: LeasedEmail) -> bool:
    """The email has become pointless and will not be sent."""
    return _end(held, DROPPED)


def mark_dead(held: LeasedEmail, error: str) -> bool:
    """The email is in the list of the dead, until someone tries it again."""
    return _end(held, DEAD, last_error=error)


def postpone(held: LeasedEmail, error: str) -> bool:
    """The email is due again after the back-off, or dead after the last attempt."""
    if held.attempts >= MOST_ATTEMPTS:
        return mark_dead(held, error)
    due_at = clock.database_now() + timedelta(minutes=BACK_OFF[held.attempts - 1])
    return _settle(held, state=QUEUED, due_at=due_at, last_error=error)


def _end(held: LeasedEmail, state: str, **values: Any) -> bool:
    return _settle(held, state=state, ended_at=clock.database_now(), **values)


def _settle(held: LeasedEmail, **values: Any) -> bool:
    return leases.write(OutgoingEmail, held, **leases.FREE, **values)
