"""Confirming an email address: an emailed link to a page with one button."""

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
    """Email the link; while an earlier one is valid, send that again."""
    outbox.enqueue_email(
        "accounts/verify",
        to=user.email,
        locale=user.locale,
        link=emailed_links.current_or_new(user, emailed_links.VERIFY).id,
    )


def confirm(link: EmailedLink) -> User:
    """Confirm the account's address, once.

    Raises UserError if the link was used or has expired.
    """
    user = emailed_links.use(link)
    if user is None:
        raise UserError(_("This link doesn’t work."))
    mark_verified(user)
    return user


def mark_verified(user: User) -> None:
    """Mark the address as confirmed and call the hook `email_verified`.

    Do nothing if it already is.
    """
    if user.is_verified:
        return
    user.verified_at = clock.now()
    audit.record("email.verified", by=user, subject=user)
    hooks.email_verified(user=user)


def resend_proof(user: User) -> str:
    """Return a token for the resend button. It proves that this account's password was given."""
    return tokens.derive("accounts-resend", user.id, user.nonce)


def unverified_user(user: User | None, proof: str) -> User | None:
    """Return the account if the proof is right and its address isn't confirmed; otherwise None.

    Without such an account the proof is compared all the same, so that its time reveals nothing.
    """
    row_id, nonce = (user.id, user.nonce) if user is not None else (NOBODY, "")
    is_right = tokens.matches(proof, "accounts-resend", row_id, nonce)
    return user if is_right and user is not None and not user.is_verified else None
