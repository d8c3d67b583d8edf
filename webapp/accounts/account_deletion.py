"""Account deletion: requested, then carried out after 14 days. Only an anonymous row remains."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from ..core import hooks
from ..core.db import actor_lock
from ..core.db.session import FOR_CHANGES, locked
from ..core.extensions import db
from ..core.http import tokens
from ..core.http.errors import UserError
from ..core.observability import audit
from ..core.time import clock
from ..mail import outbox
from . import sign_ins
from .models import User

#: How long someone can restore their account.
GRACE = timedelta(days=14)
#: How long the button that restores an account works after the password was given: once or twice
#: this.
_WINDOW = timedelta(minutes=15)


def leave(user: User) -> None:
    """Deactivate the account, sign it out everywhere, and email its owner.

    It is erased after GRACE. A second request has no effect. Raises UserError for the last admin,
    and for an account that an admin has closed: leaving must not undo that.
    """
    user = hold(user)
    if user.is_leaving:
        return
    if not user.is_active:
        raise UserError(_("This account is already closed."))
    _keep_an_admin(user)
    user.deactivated_at = clock.now()
    user.deletion_due_at = user.deactivated_at + GRACE
    user.renew_nonce()
    audit.record("account.left", by=user, subject=user)
    sign_ins.end_all(user)
    hooks.user_deactivated(user=user)
    outbox.enqueue_email("accounts/leaving", to=user.email, locale=user.locale, user=user.id)
    db.session.flush()


def hold(user: User) -> User:
    """Load the account and lock it until the end of the transaction.

    For an admin, lock all admins in one order. So of the last two admins only one can leave, and
    neither deadlocks the other.
    """
    actor_lock.end_rights_of(user.id)
    if user.is_admin:
        db.session.scalars(_admins().order_by(User.id).with_for_update(**FOR_CHANGES)).all()
    return locked(User, user.id)


def restoration_proof(user: User) -> str:
    """Return a token for the form that restores the account.

    It proves that the password was just given.
    """
    return tokens.derive("accounts-return", user.id, f"{user.nonce} {_window()}")


def restore(user: User | None, proof: str) -> User:
    """Restore the account; nothing is erased.

    Raises UserError if the proof is too old, it is too late, or an admin has closed the account
    meanwhile.
    """
    user = locked(User, user.id) if user is not None else None
    now = _window()
    if (
        user is None
        or not user.may_return
        or not any(_proves(user, proof, window) for window in (now, now - 1))
    ):
        raise UserError(_("That took too long. Sign in again, and we’ll ask you once more."))
    user.deletion_due_at = user.deactivated_at = None
    user.renew_nonce()
    audit.record("account.returned", by=user, subject=user)
    db.session.flush()
    hooks.user_returned(user=user)
    return user


def due() -> list[User]:
    """Return the accounts to erase now, the longest overdue first."""
    over = sa.select(User).where(User.deletion_due_at <= clock.now(), User.erased_at.is_(None))
    return list(db.session.scalars(over.order_by(User.deletion_due_at, User.id)))


def hold_if_due(user_id: object) -> User | None:
    """Return the account, locked, if it still has to be erased: its owner may have just come back.

    The lock lets others write rows that refer to the account; only changes of it wait.
    """
    user = db.session.get(User, user_id, with_for_update=FOR_CHANGES, populate_existing=True)
    return user if user is not None and user.is_leaving and _is_over(user.deletion_due_at) else None


def _is_over(moment: datetime | None) -> bool:
    return moment is not None and moment <= clock.now()


def _proves(user: User, proof: str, window: int) -> bool:
    return tokens.matches(proof, "accounts-return", user.id, f"{user.nonce} {window}")


def _window() -> int:
    return int(clock.now().timestamp() // _WINDOW.total_seconds())


def _admins() -> sa.Select[Any]:
    return sa.select(User.id).where(User.is_admin, User.deactivated_at.is_(None))


def _keep_an_admin(user: User) -> None:
    if user.is_admin and not set(db.session.scalars(_admins())) - {user.id}:
        raise UserError(_("You’re the only admin. Make someone else an admin first."))


def restorable_until() -> datetime:
    """Return until when someone who leaves now can come back."""
    return clock.now() + GRACE
