"""Jobs: pack data exports, and erase people 14 days after their request."""

import os
import tempfile
from typing import IO
from uuid import UUID

import sqlalchemy as sa
import structlog

from ..accounts import account_deletion
from ..accounts.models import User
from ..core import site_settings
from ..core.db import database_clock
from ..core.db.engine import reading
from ..core.extensions import db
from ..core.jobs import queue
from ..core.time import clock
from ..notifications.notify import notify
from . import deletions, exports, leases
from .leases import HeldExport
from .models import FAILED, DataExport

log = structlog.get_logger(__name__)

queue.every(30, "privacy.sweep")
PAGE = "/account/data"
#: Seconds that packing may take. Each part renews the lease, so a packer that hangs blocks only its
#: own worker.
LONGEST = 30 * 60


@queue.job("privacy.pack", longest=LONGEST)
def pack(export_id: str) -> None:
    """Pack the data and notify the person.

    Do nothing if another worker holds the export. After a failure the next sweep tries again.
    """
    held = leases.take(UUID(export_id))
    db.session.commit()
    if held is None:
        return
    try:
        with tempfile.TemporaryFile() as target:
            if _packed(held, target):
                _hand_over(held, target)
    except Exception:
        db.session.rollback()
        log.exception("export_broke", export=export_id)


def _packed(held: HeldExport, target: IO[bytes]) -> bool:
    """Pack part by part and report the progress. Return False if another worker has taken over."""
    token = reading.set(True)
    try:
        user = db.session.get_one(User, held.user_id)
        name = site_settings.value("SITE_NAME")
        parts = exports.parts_of(user)
        total = len(parts.json) + len(parts.files)
        for done in exports.packed(
            parts, target, exports.NOTE.format(site=name, day=clock.now().date())
        ):
            db.session.rollback()  # release the database between two parts
            reading.set(False)
            if not _notify_progress(held, done, total):
                return False
            reading.set(True)
        return True
    finally:
        db.session.rollback()
        reading.reset(token)


def _notify_progress(held: HeldExport, done: int, total: int) -> bool:
    ours = leases.renew(held, done, total)
    exports.signal_progress(held.user_id)
    db.session.commit()
    return ours


def _hand_over(held: HeldExport, target: IO[bytes]) -> None:
    """Store the archive before the row says so. Delete it if nobody waits for it any more."""
    size = target.seek(0, os.SEEK_END)
    target.seek(0)
    exports.put(held.file, target)
    user = db.session.get(User, held.user_id)
    if user is None or not user.is_active or not leases.mark_ready(held, size):
        db.session.rollback()
        exports.delete(held.file)
        return
    notify([user], "export.ready", PAGE, scope="export", subject_id=user.id)
    exports.signal_progress(held.user_id)
    db.session.commit()


@queue.job("privacy.sweep")
def sweep() -> None:
    """Queue exports again that nobody packs; after the third attempt notify the person of the
    failure.
    """
    waiting = leases.is_waiting(database_clock.now())
    for export in db.session.scalars(sa.select(DataExport).where(waiting).with_for_update()).all():
        if export.attempts < leases.MOST_ATTEMPTS:
            exports.wake(export.id, export.attempts)
            continue
        export.state, export.lease, export.leased_until = FAILED, None, None
        notify([db.session.get_one(User, export.user_id)], "export.failed", PAGE, scope="export")
        exports.signal_progress(export.user_id)
    db.session.commit()


queue.every(60 * 60, "privacy.erase")


@queue.job("privacy.erase")
def erase() -> None:
    """Erase people whose 14 days are over, each in its own transaction, so that a failure stops no
    other.
    """
    waiting = [user.id for user in account_deletion.due()]
    db.session.rollback()
    for user_id in waiting:
        try:
            done = deletions.carry_out(user_id)
            db.session.commit()
            log.info("account_erased" if done else "account_kept", user=str(user_id))
        except Exception:
            db.session.rollback()
            log.exception("erasing_failed", user=str(user_id))
