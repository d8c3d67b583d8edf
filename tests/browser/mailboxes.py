"""Where emails arrive: the folder behind `/dev/emails`, or a real SMTP server in this process."""

import re
import time
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from scripts.services import free_port

PATIENCE = 60  # seconds that an email may take on a busy machine
_LINK = re.compile(r"https?://[^\s<>\"]+")


class Mailbox:
    """Emails in the order of their arrival."""

    def emails(self) -> list[EmailMessage]:
        """Return all emails."""
        raise NotImplementedError

    def await_email(self, address: str, containing: str, after: int = 0) -> EmailMessage:
        """Wait for an email to this address with these words in its subject or text; return the
        newest.

        `after`: ignore this many earlier emails.
        """
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            for email in reversed(self.emails()[after:]):
                if (
                    address in str(email["To"])
                    and containing in f"{email['Subject']}\n{text_of(email)}"
                ):
                    return email
            time.sleep(0.05)
        found = [f"{email['To']}: {email['Subject']}" for email in self.emails()]
        raise AssertionError(f"No mail to {address} with {containing!r}; there are {found}")


class Folder(Mailbox):
    """The emails that a site in development stores instead of sending."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read: dict[str, EmailMessage] = {}

    def emails(self) -> list[EmailMessage]:
        """Return all emails."""
        paths = sorted(self.folder.glob("*.eml"))
        for path in paths:
            if path.name not in self._read:
                self._read[path.name] = parsed(path.read_bytes())
        return [self._read[path.name] for path in paths]


class SmtpServer(Mailbox):
    """An SMTP server on a free port of 127.0.0.1, stopped by `close`."""

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self.port = free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, ready_timeout=20)
        self._controller.start()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 (aiosmtpd's name)
        """Store a received email."""
        self.received.append(parsed(envelope.content))
        return "250 OK"

    def emails(self) -> list[EmailMessage]:
        """Return all emails."""
        return list(self.received)

    def close(self) -> None:
        """Stop the server."""
        self._controller.stop()


def parsed(content: bytes) -> EmailMessage:
    """Parse an email."""
    email = message_from_bytes(content, policy=policy.default)
    assert isinstance(email, EmailMessage)
    return email


def text_of(email: EmailMessage) -> str:
    """Return the plain text of an email."""
    part = email.get_body(("plain",))
    return str(part.get_content()) if part is not None else ""


def link_in(email: EmailMessage, containing: str = "") -> str:
    """Return the first URL in an email's text that contains these words."""
    links = [link.rstrip(".,)") for link in _LINK.findall(text_of(email))]
    return next(link for link in links if containing in link)
