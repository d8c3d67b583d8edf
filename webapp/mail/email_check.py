"""The test email: following its link shows that the site's email arrives."""

from uuid import UUID

from flask_babel import gettext as _

from ..core.db import site_flags
from ..core.http import tokens
from ..core.http.errors import UserError
from . import outbox
from .emails import EmailContext, email_context
from .models import OutgoingEmail

#: Site flags: when the last test was sent, and when a test's link was followed.
SENT, ARRIVED = "test_email_sent", "test_email_arrived"
_PURPOSE, _SITE = "test-email", UUID(int=0)


def send(address: str) -> OutgoingEmail:
    """Enqueue a test email; only the link of the latest one counts."""
    site_flags.set_now(SENT)
    return outbox.enqueue_email("mail/test", to=address)


def confirm(token: str) -> None:
    """Note that email arrives. Raises UserError for the link of an earlier test."""
    if not is_valid(token):
        raise UserError(_("This link is from an earlier test. Send yourself a new test email."))
    site_flags.set_now(ARRIVED)


def is_valid(token: str) -> bool:
    """Return whether this is the link of the latest test email."""
    sent = site_flags.get(SENT)
    return sent is not None and tokens.matches(token, _PURPOSE, _SITE, sent.at.isoformat())


@email_context("mail/test")
def written() -> EmailContext:
    """Return the token that only the latest test email has."""
    sent = site_flags.get(SENT)
    return {"token": tokens.derive(_PURPOSE, _SITE, sent.at.isoformat() if sent else "")}
