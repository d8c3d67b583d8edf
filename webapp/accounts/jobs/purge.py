"""What is put away by the clock."""

from datetime import timedelta

import sqlalchemy as sa
import structlog

from ...core import clock
from ...core.extensions import db
from ...core.queue import every, job
from ..models import HeldHandle, Invitation, MailedLink, SignIn, User
from ..sign_ups import UNVERIFIED_FOR

log = structlog.get_logger(__name__)
#: Links and invitations stay a while after their time, so that their pages can say that it is over.
KEPT = timedelta(days=7)


@job("accounts.purge_unverified")
def purge_unverified() -> None:
    """Accounts whose address nobody confirmed within a week are gone, and so is what has long expired."""
    now = clock.now()
    gone = _delete(User, User.verified_at.is_(None), User.created_at <= now - UNVERIFIED_FOR)
    for model in (MailedLink, Invitation):
        _delete(model, model.expires_at <= now - KEPT)
    _delete(SignIn, SignIn.expires_at <= now)
    _delete(HeldHandle, HeldHandle.held_until <= now)
    db.session.commit()
    log.info("purged_unverified", accounts=gone)


def _delete(model: type, *which: sa.ColumnElement[bool]) -> int:
    return db.session.execute(sa.delete(model).where(*which)).rowcount  # type: ignore[attr-defined]


every(3600, "accounts.purge_unverified")
