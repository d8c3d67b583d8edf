"""The SMTP server: connecting to it, and asking whether it answers and what it supports."""

import smtplib
import ssl
import time
from contextlib import suppress
from email.utils import parseaddr
from types import TracebackType
from typing import Any

from flask import current_app
from flask_mail import Connection, Message

#: How long an answer about the server's abilities holds, and one that failed, in seconds.
_KNOWN, _UNKNOWN = 600, 10


class UnwritableAddress(UnicodeError):
    """The server can't take this address."""


class PatientConnection(Connection):
    """A connection with a time-out that checks the server's certificate."""

    #: In seconds, if it isn't to be MAIL_TIMEOUT.
    patience: float | None = None

    def configure_host(self) -> smtplib.SMTP | smtplib.SMTP_SSL:
        """Connect to the server, encrypted and signed in as configured."""
        settings = self.mail
        timeout = self.patience or current_app.config["MAIL_TIMEOUT"]
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

    def send(self, message: Message, envelope_from: Any = None) -> None:
        """Send the email. Raises UnwritableAddress if it has an address beyond ASCII and the server
        doesn't support SMTPUTF8.
        """
        if not message.mail_options or self.host is None:
            super().send(message, envelope_from)
            return
        self.host.ehlo_or_helo_if_needed()
        if not self.host.has_extn("smtputf8"):
            raise UnwritableAddress("the server doesn't support SMTPUTF8")
        sender = parseaddr(str(message.sender))[1]
        recipients = [str(one) for one in message.recipients]
        self.host.sendmail(sender, recipients, message.as_bytes(), message.mail_options)

    def __exit__(self, kind: Any, error: Any, trace: TracebackType | None) -> None:
        """Ignore errors on quitting: the server has already accepted or rejected the email."""
        with suppress(smtplib.SMTPException, OSError):
            super().__exit__(kind, error, trace)  # type: ignore[arg-type]


def check_login() -> None:
    """Connect and sign in as configured, without sending an email."""
    PatientConnection(current_app.extensions["mail"]).configure_host().quit()


def takes_utf8() -> bool:
    """Whether the server takes addresses such as jörg@example.org; in development the folder does.

    False also if it doesn't answer now.
    """
    if current_app.config["DEV_MAIL"]:
        return True
    until, takes = current_app.extensions.get("smtp_utf8", (0.0, False))
    if time.monotonic() > until:
        takes, holds = _asked_for_utf8()
        current_app.extensions["smtp_utf8"] = time.monotonic() + holds, takes
    return bool(takes)


def _asked_for_utf8() -> tuple[bool, int]:
    connection = PatientConnection(current_app.extensions["mail"])
    connection.patience = 3
    try:
        with connection.configure_host() as host:
            host.ehlo_or_helo_if_needed()
            return host.has_extn("smtputf8"), _KNOWN
    except (smtplib.SMTPException, OSError):
        return False, _UNKNOWN


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
