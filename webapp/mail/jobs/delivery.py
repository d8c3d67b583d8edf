"""The outbox's jobs: deliver an email, and find forgotten ones."""

import traceback
from uuid import UUID

import sqlalchemy as sa
import structlog
from flask import current_app
from sqlalchemy.exc import InterfaceError, OperationalError, TimeoutError as PoolTimeout

from ...core.db import database_clock
from ...core.db.engine import reading
from ...core.extensions import db
from ...core.jobs import queue
from .. import emails, leases, outbox
from ..leases import LeasedEmail
from ..models import DEAD, OutgoingEmail
from . import rendering, smtp

log = structlog.get_logger(__name__)

SWEEP_SECONDS = 10
#: How many emails one sweep queues; the next sweep continues.
SWEPT = 500

queue.every(SWEEP_SECONDS, "mail.sweep")


@queue.job("mail.deliver")
def deliver(email_id: str) -> None:
    """Deliver the email: it is then sent, dropped, postponed or undeliverable.

    Do nothing if another worker holds it.
    """
    held = leases.take(UUID(email_id), current_app.config["MAIL_LEASE_SECONDS"])
    db.session.commit()
    if held is not None and not _carry(held):
        log.warning("lease_lost", email=email_id)
    db.session.commit()


def _carry(held: LeasedEmail) -> bool:
    """Try to send the email and record the result. Return False if the lease was lost."""
    try:
        decided = _decided(held)
        envelope = _written(decided) if decided is not None else None
    except (OperationalError, InterfaceError, PoolTimeout) as error:
        return leases.postpone(held, type(error).__name__)
    except Exception as error:
        return _unwritable(held, error)
    if envelope is None:
        return leases.mark_dropped(held)
    try:
        smtp.send(envelope)
    except Exception as error:
        return _refused(held, error)
    log.info("email_sent", email=str(held.id), template=held.template, attempt=held.attempts)
    return leases.mark_sent(held)


def _decided(held: LeasedEmail) -> LeasedEmail | None:
    """Decide which email it is and commit that, so that a retry doesn't decide again.

    Return None if there is none to send.
    """
    if held.template not in emails.DECIDED_ON_DELIVERY:
        return held
    try:
        which = emails.DECIDED_ON_DELIVERY[held.template](held.address, held.locale, **held.ids)
        found = leases.decide(held, *which) if which is not None else None
        db.session.commit()
    finally:
        db.session.rollback()
    return found


def _written(held: LeasedEmail) -> rendering.Envelope | None:
    """Render the email. Leave no transaction open: sending may take a while."""
    token = reading.set(True)
    try:
        return rendering.written(held)
    finally:
        db.session.rollback()
        reading.reset(token)


def _unwritable(held: LeasedEmail, error: Exception) -> bool:
    """Mark an email as undeliverable whose template or function failed: it would fail again.

    Log the place but no message, which may contain personal data.
    """
    frame = traceback.extract_tb(error.__traceback__)[-1]
    name, place = type(error).__name__, f"{frame.filename}:{frame.lineno}"
    log.error(
        "email_unwritable", email=str(held.id), template=held.template, error=name, place=place
    )
    return leases.mark_dead(held, name)


def _refused(held: LeasedEmail, error: Exception) -> bool:
    reason = smtp.describe(error)
    for_good = smtp.is_permanent(error)
    log.warning(
        "email_refused",
        email=str(held.id),
        attempt=held.attempts,
        error=reason,
        for_good=for_good,
    )
    return leases.mark_dead(held, reason) if for_good else leases.postpone(held, reason)


@queue.job("mail.sweep")
def sweep() -> None:
    """Queue emails that are due but not being delivered; mark those undeliverable that killed every
    worker.
    """
    now = database_clock.now()
    waiting = (
        sa.select(OutgoingEmail.id, OutgoingEmail.attempts)
        .where(leases.is_waiting(now))
        .order_by(OutgoingEmail.due_at)
    )
    for email_id, attempts in db.session.execute(
        waiting.where(OutgoingEmail.attempts < leases.MOST_ATTEMPTS).limit(SWEPT)
    ):
        outbox.wake(email_id, attempts)
    killers = sa.update(OutgoingEmail).where(
        leases.is_waiting(now), OutgoingEmail.attempts >= leases.MOST_ATTEMPTS
    )
    db.session.execute(
        killers.values(
            state=DEAD, lease=None, leased_until=None, ended_at=now, last_error="Abandoned"
        )
    )
    db.session.commit()
