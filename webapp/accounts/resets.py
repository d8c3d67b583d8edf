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
    """The address, if an account has it, gets an email with a link: which is found out only when
    the email is written.

    Here the same is done for every address, so that neither the answer nor the time that it takes
    tells of an account.
    """
    user_id = db.session.scalar(sa.select(User.id).where(User.email == email))
    audit.record("password.forgotten", subject=User(id=user_id))
    outbox.post("accounts/forgotten", to=email)


def reset(link: MailedLink, password_hash: str) -> User:
    """The account has the new password, once; it is signed out everywhere. Who can read its mail
    has confirmed its address, too.

    Raises RuleBroken when the link was used meanwhile, or its hour is over.
    """
    user = links.use(link)
    if user is None:
        raise RuleBroken(_("This link is not valid."))
    passwords.change(user, password_hash)
    verifications.confirmed(user)
    return user
