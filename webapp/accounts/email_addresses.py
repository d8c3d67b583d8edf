"""The change of one's email address: asked for here, confirmed by a link that is emailed to the
new one, told to both.
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

#: what the mailbox of before is told, however late the email comes: warnings, for someone may have
#: taken the account over, and answers about that very address
FOR_THE_OLD = (
    "accounts/password_changed",
    "accounts/email_changed",
    "accounts/already",
    "accounts/change_taken",
)


def ask(user: User, email: str) -> None:
    """The new address gets an email: with a link that confirms it, or, where an account has it,
    saying so. The old one is told.

    What was asked for before is over. Nobody learns here whether an address is known. Raises
    UserError for the address of now.
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
    """The change that waits for its link."""
    return emailed_links.newest(user, emailed_links.CHANGE)


def withdraw(user: User) -> None:
    """No change waits any more: a link that is on its way is dead."""
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
    """The account has the address that the link was emailed to, once. Both addresses are told; what
    still waits goes to the new.

    As with a new password every other sign-in ends, and every emailed link is dead; `here` is the
    sign-in that goes on. Raises UserError when the link was used meanwhile or its hour is over,
    Conflict when another account got the address.
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
    """The address is the account's.

    Someone who signed up with it and never confirmed it makes room: it is not theirs.
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
    except IntegrityError as overtaken:  # another account confirmed the same address a moment ago
        raise taken from overtaken


def mask(email: str) -> str:
    """The address so that its owner knows it and others do not learn it: “y…@example.org”."""
    return f"{email[:1]}…@{email.partition('@')[2]}"
