"""The site's admins close somebody's account, and open it again."""

from typing import Any

from flask_babel import gettext as _

from ..core import audit, clock, hooks
from ..core.database import locked
from ..core.errors import RuleBroken
from ..core.extensions import db
from . import sign_ins
from .models import User


def may_suspend(person: User, by: Any) -> bool:
    """Whether `by` may close this account: an admin that of anybody else but an admin's, while it is in use."""
    return bool(by.is_admin) and person.id != by.id and not person.is_admin and person.is_active


def suspend(person: User, by: User) -> None:
    """The account is in use no more and signed out everywhere; whoever calls tells its person why. Raises RuleBroken."""
    person = locked(User, person.id)
    if not may_suspend(person, by):
        raise RuleBroken(_("This account cannot be closed: it is closed already, or an admin’s."))
    person.deactivated_at = clock.now()
    person.renew_nonce()
    audit.record("account.suspended", by=by, subject=person)
    sign_ins.end_all(person, by=by)
    hooks.user_deactivated(user=person)
    db.session.flush()


def reopen(person: User, by: User) -> None:
    """The account can be used again; nothing happens to one that was not closed, or that its person is leaving."""
    person = locked(User, person.id)
    if person.is_active or person.leaves_at is not None or person.erased_at is not None:
        return
    person.deactivated_at = None
    audit.record("account.reopened", by=by, subject=person)
    hooks.user_returned(user=person)
    db.session.flush()
