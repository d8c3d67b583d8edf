"""Admins close someone's account, and reopen it."""

from typing import Any

from flask_babel import gettext as _

from ..core import hooks
from ..core.db import actor_lock
from ..core.db.session import locked
from ..core.extensions import db
from ..core.http.errors import UserError
from ..core.observability import audit
from ..core.time import clock
from . import sign_ins
from .models import User


def may_suspend(person: User, by: Any) -> bool:
    """Whether `by` may close this account.

    Admins may close anyone's but an admin's, if it is in use or its owner could still restore it.
    """
    return (
        bool(by.is_admin)
        and person.id != by.id
        and not person.is_admin
        and (person.is_active or person.may_return)
    )


def suspend(person: User, by: User) -> None:
    """Close the account and sign it out everywhere. The caller tells its owner why.

    Raises UserError. Someone who is leaving can't come back then; they are erased at the time they
    requested.
    """
    actor_lock.end_rights_of(person.id)
    person = locked(User, person.id)
    if not may_suspend(person, by):
        raise UserError(_("This account can’t be closed. It’s already closed, or it’s an admin’s."))
    was_in_use = person.is_active
    person.suspended_at = clock.now()
    person.deactivated_at = person.deactivated_at or person.suspended_at
    person.renew_nonce()
    audit.record("account.suspended", by=by, subject=person)
    if was_in_use:
        sign_ins.end_all(person, by=by)
        hooks.user_deactivated(user=person)
    db.session.flush()


def reopen(person: User, by: User) -> None:
    """Reopen the account; if its owner is leaving, let them come back.

    Do nothing if no admin has closed it.
    """
    person = locked(User, person.id)
    if person.is_active or person.may_return or person.erased_at is not None:
        return
    person.suspended_at = None
    audit.record("account.reopened", by=by, subject=person)
    if not person.is_leaving:
        person.deactivated_at = None
        hooks.user_returned(user=person)
    db.session.flush()
