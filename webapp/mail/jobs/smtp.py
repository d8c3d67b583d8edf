"""Sending email through SMTP with time-outs; in development into a folder that
`/dev/emails` shows.
"""

import smtplib
from email.errors import MessageError

from flask import Flask, current_app
from flask_mail import Connection, Mail

from ...core.smtp_server import PatientConnection
from ..dev_mailbox import Mailbox
from .rendering import Envelope


class SmtpSession(Mail):
    """Flask-Mail with these connections."""

    def connect(self) -> Connection:
        """Return a connection to the configured server."""
        return PatientConnection(current_app.extensions["mail"])


_post = SmtpSession()


def init_app(app: Flask) -> None:
    """Set up SMTP, also for tests, or the development mailbox."""
    app.config.setdefault("MAIL_SUPPRESS_SEND", False)
    _post.init_app(app)
    if app.config["DEV_MAIL"]:
        app.extensions["mailbox"] = Mailbox(app.config["INSTANCE"] / "mail")


def send(envelope: Envelope) -> None:
    """Send the email. Raises smtplib's exceptions if the server doesn't accept it."""
    if current_app.config["DEV_MAIL"]:
        current_app.extensions["mailbox"].put(envelope.as_bytes())
    else:
        _post.send(envelope)


def is_permanent(error: Exception) -> bool:
    """Whether this email can't be encoded, or the server rejected it or its recipient for good;
    other errors may be temporary.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    if isinstance(error, UnicodeError | MessageError):
        return True  # this email can't be encoded for this server: it would fail again
    return isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500


def describe(error: Exception) -> str:
    """Return an error's type with the server's code, without its message, which contains
    addresses.
    """
    codes = (
        [code for code, _ in error.recipients.values()]
        if isinstance(error, smtplib.SMTPRecipientsRefused)
        else []
    )
    code = codes[0] if codes else getattr(error, "smtp_code", "")
    return f"{type(error).__name__} {code}".strip()
