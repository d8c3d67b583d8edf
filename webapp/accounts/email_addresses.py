"""Changing one's email address: confirmed by a link sent to the new address; both addresses are
notified.
"""

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from ..core import hooks
from ..core.db.session import locked, rows_changed
from ..core.extensions import db
from ..core.http.errors import Conflict, UserError
from ..core.observability import audit
from ..core.time import clock
from ..mail import outbox
from . import emailed_links, sign_ins
from .models import EmailedLink, SignIn, User

#: emails that go to the old address even if they are late: warnings, since someone may have taken
#: over the account, and answers about that address
FOR_THE_OLD = (
    "accounts/password_changed",
    "accounts/email_changed",
    "accounts/already",
    "accounts/change_taken",
)


def ask(user: User, email: str) -> None:
    """Email the new address a link to confirm it, or a note if it has an account.

    Notify the old address. An earlier request ends. The answer doesn't show whether an address is
    known. Raises UserError for the current address.
    """
    user = locked(User, user.id)
    if email == user.email:
        raise UserError(_("That’s already your email address."), field="email")
    _end(user, EmailedLink.email != email)
    link = emailed_links.current_or_new(user, emailed_links.CHANGE, email)
    outbox.enqueue_email("accounts/change_new", to=email, locale=user.locale, link=link.id)
    outbox.enqueue_email("accounts/change_asked", to=user.email, locale=user.locale, link=link.id)
    audit.record("email.asked", by=user, subject=user)


def pending(user: User) -> EmailedLink | None:
    """Return the link of the change that waits for confirmation, or None."""
    return emailed_links.newest(user, emailed_links.CHANGE)


def withdraw(user: User) -> None:
    """Cancel the pending change; its link stops working."""
    if _end(user):
        audit.record("email.withdrawn", by=user, subject=user)


def _end(user: User, *which: sa.ColumnElement[bool]) -> int:
    mine = (
        EmailedLink.user_id == user.id,
        EmailedLink.purpose == emailed_links.CHANGE,
        EmailedLink.used_at.is_(None),
    )
    return rows_changed(sa.update(EmailedLink).where(*mine, *which).values(used_at=clock.now()))


def change(link: EmailedLink, here: SignIn | None = None) -> User:
    """Give the account the link's address, once.

    Notify both addresses; unsent emails go to the new one. As with a new password, every other
    sign-in ends and all emailed links stop working. `here` is the sign-in to keep. Raises UserError
    if the link was used or has expired, and Conflict if another account has got the address.
    """
    user = emailed_links.use(link)
    if user is None:
        raise UserError(_("This link doesn’t work."))
    before = user.email
    _take(user, link.email)
    user.renew_nonce()
    sign_ins.end_all(user, but=here)
    outbox.readdress(user.id, before, user.email, but=FOR_THE_OLD)
    for address in (before, user.email):
        outbox.enqueue_email("accounts/email_changed", to=address, locale=user.locale, user=user.id)
    audit.record("email.changed", by=user, subject=user)
    hooks.email_changed(user=user)
    return user


def _take(user: User, email: str) -> None:
    """Set the account's address.

    An unconfirmed account with this address is deleted: its owner never proved it.
    """
    taken = Conflict(_("This email address now belongs to another account. Yours hasn’t changed."))
    other = db.session.scalar(sa.select(User).where(User.email == email).with_for_update())
    if other is not None and other.is_verified:
        raise taken
    try:
        with db.session.begin_nested():
            if other is not None:
                audit.record("account.made_room", by=user, subject=other)
                db.session.delete(other)
                db.session.flush()
            user.email = email
    except IntegrityError as overtaken:  # another account has just confirmed the same address
        raise taken from overtaken


def mask(email: str) -> str:
    """Return the address so that only its owner recognises it: “y…@example.org”."""
    return f"{email[:1]}…@{email.partition('@')[2]}"
