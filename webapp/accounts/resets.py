"""The forgotten password: a mailed link to a page where a new one is chosen."""

import sqlalchemy as sa
from flask_babel import gettext as _

from ..core import audit
from ..core.errors import RuleBroken
from ..core.extensions import db
from ..mail import outbox
from . import links, passwords, verifications
from .models import MailedLink, User


def ask(email: str) -> None:
    """The address, if an account has it, gets a letter with a link. Both ways look the same from outside."""
    user = db.session.scalar(sa.select(User).where(User.email == email))
    audit.record("password.forgotten", subject=user)
    if user is not None and (user.is_active or user.may_return):
        outbox.post("accounts/reset", to=user.email, locale=user.locale, link=links.living(user, links.RESET).id)


def reset(link: MailedLink, password_hash: str) -> User:
    """The account has the new password, once; it is signed out everywhere. Who can read its mail has confirmed its address, too.

    Raises RuleBroken when the link was used meanwhile, or its hour is over.
    """
    user = links.use(link)
    if user is None:
        raise RuleBroken(_("This link is not valid."))
    passwords.change(user, password_hash)
    verifications.confirmed(user)
    return user
