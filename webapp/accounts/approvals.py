"""Approval: where the site lets people in one by one."""

from ..core import hooks
from ..core.db.session import locked
from ..core.extensions import db
from ..core.observability import audit
from ..core.time import clock
from ..mail import outbox
from .models import User


def approve(person: User, by: User | None = None) -> None:
    """The person may sign in, and is told by mail; nothing happens when they may already.

    `by` is None on the command line.
    """
    person = locked(User, person.id)
    if person.is_approved:
        return
    person.approved_at = clock.now()
    audit.record("account.approved", by=by, subject=person)
    outbox.enqueue_email("accounts/approved", to=person.email, locale=person.locale, user=person.id)
    hooks.user_approved(user=person)


def decline(person: User, by: User) -> None:
    """The account of someone who still waits is gone, and its owner is told by mail; nothing
    happens when they don't wait.
    """
    person = locked(User, person.id)
    if person.is_approved:
        return
    audit.record("account.declined", by=by, subject=person)
    outbox.enqueue_email("accounts/declined", to=person.email, locale=person.locale)
    db.session.delete(person)
