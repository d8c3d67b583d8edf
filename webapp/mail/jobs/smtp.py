"""Sending email through SMTP with time-outs; in development into a folder that
`/dev/emails` shows.
"""

import smtplib
import ssl
import time
from contextlib import suppress
from types import TracebackType
from typing import Any

from flask import Flask, current_app
from flask_mail import Connection, Mail

from ..dev_mailbox import Mailbox
from .rendering import Envelope


class PatientConnection(Connection):
    """A connection with a time-out that checks the server's certificate."""

    def configure_host(self) -> smtplib.SMTP | smtplib.SMTP_SSL:
        """Connect to the server, encrypted and signed in as configured."""
        settings, timeout = self.mail, current_app.config["MAIL_TIMEOUT"]
        host: smtplib.SMTP | smtplib.SMTP_SSL
        if settings.use_ssl:
            host = smtplib.SMTP_SSL(
                settings.server,
                settings.port or 0,
                timeout=timeout,
                context=ssl.create_default_context(),
            )
        else:
            host = smtplib.SMTP(settings.server, settings.port or 0, timeout=timeout)
        try:
            if settings.use_tls and not settings.use_ssl:
                host.starttls(context=ssl.create_default_context())
            if settings.username and settings.password:
                host.login(settings.username, settings.password)
        except BaseException:
            host.close()
            raise
        return host

    def __exit__(self, kind: Any, error: Any, trace: TracebackType | None) -> None:
        """Ignore errors on quitting: the server has already accepted or rejected the email."""
        with suppress(smtplib.SMTPException, OSError):
            super().__exit__(kind, error, trace)  # type: ignore[arg-type]


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


def check_login() -> None:
    """Connect and sign in as configured, without sending an email."""
    PatientConnection(current_app.extensions["mail"]).configure_host().quit()


def send(envelope: Envelope) -> None:
    """Send the email. Raises smtplib's exceptions if the server doesn't accept it."""
    if current_app.config["DEV_MAIL"]:
        current_app.extensions["mailbox"].put(envelope.as_bytes())
    else:
        _post.send(envelope)


def reachable() -> tuple[str, float | None]:
    """Return whether the server responds: "answers", "unreachable" or "silent", and the
    milliseconds it took.

    "folder" in development. The server is contacted at most every ten seconds; the result is
    shared.
    """
    if current_app.config["DEV_MAIL"]:
        return "folder", None
    asked_at, answer, ms = current_app.extensions.get("smtp_reachable", (0.0, "", None))
    if time.monotonic() - asked_at > 10:
        started = time.monotonic()
        answer, asked_at = _greeting(), time.monotonic()
        ms = round((asked_at - started) * 1000, 1)
        current_app.extensions["smtp_reachable"] = asked_at, answer, ms
    return answer, ms


def _greeting() -> str:
    config = current_app.config
    kind = smtplib.SMTP_SSL if config["MAIL_USE_SSL"] else smtplib.SMTP
    try:
        with kind(config["MAIL_SERVER"], config["MAIL_PORT"], timeout=1.5):
            return "answers"
    except TimeoutError:
        return "silent"
    except (smtplib.SMTPException, OSError):
        return "unreachable"


def is_permanent(error: Exception) -> bool:
    """Whether the server rejected this recipient or email for good; other errors may be
    temporary.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
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
