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
        """Everything that has arrived."""
        raise NotImplementedError

    def await_email(self, address: str, containing: str, after: int = 0) -> EmailMessage:
        """The newest email to this address with these words in its subject or text; waits until it
        has come. `after`: so many emails were there before, and none of them is meant.
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
    """The emails that a development site keeps instead of sending them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read: dict[str, EmailMessage] = {}

    def emails(self) -> list[EmailMessage]:
        """Everything that has arrived."""
        paths = sorted(self.folder.glob("*.eml"))
        for path in paths:
            if path.name not in self._read:
                self._read[path.name] = parsed(path.read_bytes())
        return [self._read[path.name] for path in paths]


class SmtpServer(Mailbox):
    """A server on a free port of 127.0.0.1; `close` ends it."""

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self.port = free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, ready_timeout=20)
        self._controller.start()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 (aiosmtpd's name)
        """An email has come."""
        self.received.append(parsed(envelope.content))
        return "250 OK"

    def emails(self) -> list[EmailMessage]:
        """Everything that has arrived."""
        return list(self.received)

    def close(self) -> None:
        """Nobody listens any more."""
        self._controller.stop()


def parsed(content: bytes) -> EmailMessage:
    """The email that these bytes are."""
    email = message_from_bytes(content, policy=policy.default)
    assert isinstance(email, EmailMessage)
    return email


def text_of(email: EmailMessage) -> str:
    """The words of an email without any form."""
    part = email.get_body(("plain",))
    return str(part.get_content()) if part is not None else ""


def link_in(email: EmailMessage, containing: str = "") -> str:
    """The first address in an email's text that contains these words."""
    links = [link.rstrip(".,)") for link in _LINK.findall(text_of(email))]
    return next(link for link in links if containing in link)
