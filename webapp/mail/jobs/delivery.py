"""The jobs of the outbox: deliver a letter, and look for forgotten ones."""

import traceback
from uuid import UUID

import sqlalchemy as sa
import structlog
from flask import current_app
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from ...core import clock, queue
from ...core.database import reading
from ...core.extensions import db
from .. import leases, letters, outbox
from ..leases import Held
from ..models import DEAD, Letter
from . import smtp, writing

log = structlog.get_logger(__name__)

SWEEP_SECONDS = 10
#: How many letters one sweep wakes; the next sweep takes the next.
SWEPT = 500

queue.every(SWEEP_SECONDS, "mail.sweep")


@queue.job("mail.deliver")
def deliver(letter_id: str) -> None:
    """The letter has gone out, is pointless, is due again later, or is dead; or somebody else
    was there already.
    """
    held = leases.take(UUID(letter_id), current_app.config["MAIL_LEASE_SECONDS"])
    db.session.commit()
    if held is not None and not _carry(held):
        log.warning("lease_lost", letter=letter_id)
    db.session.commit()


def _carry(held: Held) -> bool:
    """What became of the letter is written down; False when the lease was no longer ours."""
    try:
        decided = _decided(held)
        envelope = _written(decided) if decided is not None else None
    except (OperationalError, InterfaceError, PoolTimeout) as error:
        return leases.later(held, type(error).__name__)
    except Exception as error:
        return _unwritable(held, error)
    if envelope is None:
        return leases.dropped(held)
    try:
        smtp.send(envelope)
    except Exception as error:
        return _refused(held, error)
    log.info("email_sent", email=str(held.id), template=held.template, attempt=held.attempts)
    return leases.sent(held)


def _decided(held: Held) -> Held | None:
    """The letter that it turns out to be, committed: another attempt does not ask again.

    None when it is none.
    """
    if held.template not in letters.UNDECIDED:
        return held
    try:
        which = letters.UNDECIDED[held.template](held.address, held.locale, **held.ids)
        found = leases.decided(held, *which) if which is not None else None
        db.session.commit()
    finally:
        db.session.rollback()
    return found


def _written(held: Held) -> writing.Envelope | None:
    """The mail. No transaction stays open behind it: sending may take its time."""
    token = reading.set(True)
    try:
        return writing.written(held)
    finally:
        db.session.rollback()
        reading.reset(token)


def _unwritable(held: Held, error: Exception) -> bool:
    """A template or its function failed, and would again.

    The log has the place and no words: they may name people.
    """
    frame = traceback.extract_tb(error.__traceback__)[-1]
    name, place = type(error).__name__, f"{frame.filename}:{frame.lineno}"
    log.error(
        "letter_unwritable", letter=str(held.id), template=held.template, error=name, place=place
    )
    return leases.dead(held, name)


def _refused(held: Held, error: Exception) -> bool:
    reason = smtp.described(error)
    for_good = smtp.refused_for_good(error)
    log.warning(
        "letter_refused",
        letter=str(held.id),
        attempt=held.attempts,
        error=reason,
        for_good=for_good,
    )
    return leases.dead(held, reason) if for_good else leases.later(held, reason)


@queue.job("mail.sweep")
def sweep() -> None:
    """Letters that are due and that nobody carries are in the queue again; those that killed
    every worker are dead.
    """
    now = clock.database_now()
    waiting = sa.select(Letter.id, Letter.attempts).where(leases.waits(now)).order_by(Letter.due_at)
    for letter_id, attempts in db.session.execute(
        waiting.where(Letter.attempts < leases.MOST_ATTEMPTS).limit(SWEPT)
    ):
        outbox.wake(letter_id, attempts)
    killers = sa.update(Letter).where(leases.waits(now), Letter.attempts >= leases.MOST_ATTEMPTS)
    db.session.execute(
        killers.values(
            state=DEAD, lease=None, leased_until=None, ended_at=now, last_error="Abandoned"
        )
    )
    db.session.commit()
