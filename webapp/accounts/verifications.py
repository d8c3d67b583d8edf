"""The confirmation of an address: an emailed link, a page with one button."""

from flask_babel import gettext as _

from ..core import hooks
from ..core.http import tokens
from ..core.http.errors import UserError
from ..core.observability import audit
from ..core.time import clock
from ..mail import outbox
from . import emailed_links
from .credentials import NOBODY
from .models import EmailedLink, User


def send(user: User) -> None:
    """The address gets an email with its link: the same as before while that one lives."""
    outbox.enqueue_email(
        "accounts/verify",
        to=user.email,
        locale=user.locale,
        link=emailed_links.current_or_new(user, emailed_links.VERIFY).id,
    )


def confirm(link: EmailedLink) -> User:
    """The account's address is confirmed, once.

    Raises UserError when the link was used meanwhile, or its hour is over.
    """
    user = emailed_links.use(link)
    if user is None:
        raise UserError(_("This link doesn’t work."))
    mark_verified(user)
    return user


def mark_verified(user: User) -> None:
    """The account's address counts as confirmed, and those who wait for that are told; nothing
    when it was so before.
    """
    if user.is_verified:
        return
    user.verified_at = clock.now()
    audit.record("email.verified", by=user, subject=user)
    hooks.email_verified(user=user)


def resend_proof(user: User) -> str:
    """What shows, in the form of the resend button, that this account's password was given."""
    return tokens.derive("accounts-resend", user.id, user.nonce)


def unverified_user(user: User | None, proof: str) -> User | None:
    """The account, where the proof is right and its address still waits to be confirmed; else None,
    and nobody learns which.

    Without an account, or with one that is confirmed, the proof is compared all the same.
    """
    row_id, nonce = (user.id, user.nonce) if user is not None else (NOBODY, "")
    is_right = tokens.matches(proof, "accounts-resend", row_id, nonce)
    return user if is_right and user is not None and not user.is_verified else None
