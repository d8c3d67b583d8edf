"""Leases on emails: one worker at a time delivers an email, by the database's clock."""

import uuid
from datetime import timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from ..core.db import database_clock, site_flags
from ..core.jobs import leases
from .models import DEAD, DROPPED, QUEUED, SENDING, SENT, OutgoingEmail

#: Minutes until the next attempt, after the first, the second …; after the last attempt the email
#: is undeliverable.
BACK_OFF = (1, 5, 15, 60, 120, 240, 480, 720, 1440)
MOST_ATTEMPTS = len(BACK_OFF) + 1
#: While this flag is set no email is sent: a restore sets it, `flask held-mail --release` clears
#: it.
PAUSED = "mail.paused"


class LeasedEmail(NamedTuple):
    """An email that only we may send while the lease lasts."""

    id: uuid.UUID
    lease: uuid.UUID
    template: str
    address: str
    locale: str
    ids: dict[str, Any]
    message_id: str
    attempts: int


def take(email_id: uuid.UUID, seconds: int) -> LeasedEmail | None:
    """Lease the email for this many seconds; None if it isn't due, is gone, or is leased by another
    worker.

    It is ours once this commits.
    """
    now = database_clock.now()
    due = (OutgoingEmail.id == email_id, is_waiting(now), OutgoingEmail.attempts < MOST_ATTEMPTS)
    attempts = OutgoingEmail.attempts + 1
    until = now + timedelta(seconds=seconds)
    taken = leases.take(OutgoingEmail, LeasedEmail, until, *due, state=SENDING, attempts=attempts)
    return taken[0] if taken else None


def is_waiting(now: Any) -> sa.ColumnElement[bool]:
    """The condition for emails that should be delivered and aren't leased; false while email is
    paused.
    """
    due = sa.and_(OutgoingEmail.state == QUEUED, OutgoingEmail.due_at <= now)
    abandoned = sa.and_(OutgoingEmail.state == SENDING, OutgoingEmail.leased_until <= now)
    return sa.and_(sa.or_(due, abandoned), ~site_flags.is_set(PAUSED))


def decide(
    held: LeasedEmail, template: str, locale: str, ids: dict[str, Any]
) -> LeasedEmail | None:
    """Set what the email is from now on; return it. None if the lease was lost."""
    ids = {name: str(value) for name, value in ids.items()}
    if not leases.write(OutgoingEmail, held, template=template, locale=locale, ids=ids):
        return None
    return held._replace(template=template, locale=locale, ids=ids)


def mark_sent(held: LeasedEmail) -> bool:
    """Mark the email as sent. Return False if the lease was lost."""
    return _end(held, SENT)


def mark_dropped(held: LeasedEmail) -> bool:
    """Mark the email as pointless. Return False if the lease was lost."""
    return _end(held, DROPPED)


def mark_dead(held: LeasedEmail, error: str) -> bool:
    """Mark the email as undeliverable. Return False if the lease was lost."""
    return _end(held, DEAD, last_error=error)


def postpone(held: LeasedEmail, error: str) -> bool:
    """Schedule the next attempt; after the last one mark the email as undeliverable.

    Return False if the lease was lost.
    """
    if held.attempts >= MOST_ATTEMPTS:
        return mark_dead(held, error)
    due_at = database_clock.now() + timedelta(minutes=BACK_OFF[held.attempts - 1])
    return _settle(held, state=QUEUED, due_at=due_at, last_error=error)


def _end(held: LeasedEmail, state: str, **values: Any) -> bool:
    return _settle(held, state=state, ended_at=database_clock.now(), **values)


def _settle(held: LeasedEmail, **values: Any) -> bool:
    return leases.write(OutgoingEmail, held, **leases.FREE, **values)
