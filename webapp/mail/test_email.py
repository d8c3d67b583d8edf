"""The test email: following its link shows that the site's email arrives."""

from uuid import UUID

from flask_babel import gettext as _

from ..core import marks, tokens
from ..core.errors import RuleBroken
from . import outbox
from .letters import Context, letter
from .models import Letter

#: Marks of the site: when the last one was sent, and when the link of one was followed.
SENT, ARRIVED = "test_email_sent", "test_email_arrived"
_PURPOSE, _SITE = "test-email", UUID(int=0)


def send(address: str) -> Letter:
    """Enqueue a test email; only the link of the latest one counts."""
    marks.set_now(SENT)
    return outbox.post("mail/test", to=address)


def confirm(token: str) -> None:
    """Note that email arrives. Raises RuleBroken for the link of an earlier test."""
    if not is_valid(token):
        raise RuleBroken(_("This link is from an earlier test. Send yourself a new test email."))
    marks.set_now(ARRIVED)


def is_valid(token: str) -> bool:
    """Return whether this is the link of the latest test email."""
    sent = marks.found(SENT)
    return sent is not None and tokens.matches(token, _PURPOSE, _SITE, sent.at.isoformat())


@letter("mail/test")
def written() -> Context:
    """The link that only the latest test email has."""
    sent = marks.found(SENT)
    return {"token": tokens.derive(_PURPOSE, _SITE, sent.at.isoformat() if sent else "")}
