"""The development mailbox: a folder with a file for each email; the latest are kept."""

import os
import time
from base64 import b64encode
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import NamedTuple

from ..core.db.keyset import KeysetPage

KEPT = 500


class StoredEmail(NamedTuple):
    """An email and its number in the mailbox: the time of sending in nanoseconds."""

    number: int
    message: EmailMessage

    @property
    def subject(self) -> str:
        """The subject."""
        return str(self.message["Subject"])

    @property
    def to(self) -> str:
        """The recipient's address."""
        return str(self.message["To"])

    @property
    def sent_at(self) -> datetime:
        """Return when it was sent."""
        return datetime.fromtimestamp(self.number / 1e9, UTC)

    @property
    def text(self) -> str:
        """The plain text."""
        return self._body("plain")

    @property
    def html(self) -> str:
        """The HTML with its pictures inlined; "" if there is none."""
        html = self._body("html")
        for part in self.message.walk() if html else ():
            if part["Content-ID"]:
                picture = b64encode(part.get_content()).decode()
                html = html.replace(
                    f"cid:{part['Content-ID'].strip('<>')}",
                    f"data:{part.get_content_type()};base64,{picture}",
                )
        return html

    @property
    def attachments(self) -> list[tuple[str, str, int]]:
        """The attachments as (file name, type, bytes)."""
        parts = self.message.iter_attachments()
        return [
            (p.get_filename("?"), p.get_content_type(), len(p.get_payload(decode=True) or b""))
            for p in parts
        ]

    def _body(self, kind: str) -> str:
        part = self.message.get_body((kind,))
        return part.get_content() if part is not None else ""


class Mailbox:
    """The emails in `folder`, each a file named by its number."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, email: bytes) -> None:
        """Add an email; delete the oldest beyond KEPT."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=self.folder, suffix=".part", delete=False) as file:
            file.write(email)
        os.rename(file.name, self.folder / f"{time.time_ns():019d}.eml")
        for path in self._paths()[KEPT:]:
            path.unlink(missing_ok=True)

    def newest(self, most: int = KEPT) -> list[StoredEmail]:
        """Return the latest emails, newest first."""
        return self._read(self._numbers()[:most])

    def page(self, size: int, after: int | None = None, before: int | None = None) -> KeysetPage:
        """Return a page of emails, newest first: those older than number `after`, or just newer
        than `before`.
        """
        numbers = self._numbers()
        if before is not None:
            some = [number for number in numbers if number > before][-size:]
        else:
            some = [number for number in numbers if after is None or number < after][:size]
        previous = f"before={some[0]}" if some and some[0] != numbers[0] else ""
        further = f"after={some[-1]}" if some and some[-1] != numbers[-1] else ""
        return KeysetPage(self._read(some), previous, further, size)

    def find(self, number: int) -> StoredEmail | None:
        """Return the email with this number, or None."""
        try:
            content = (self.folder / f"{number:019d}.eml").read_bytes()
        except FileNotFoundError:
            return None
        return StoredEmail(number, message_from_bytes(content, policy=policy.default))

    def clear(self) -> None:
        """Delete all emails."""
        for path in self._paths():
            path.unlink(missing_ok=True)

    def _numbers(self) -> list[int]:
        return [int(path.stem) for path in self._paths()]

    def _read(self, numbers: list[int]) -> list[StoredEmail]:
        """Read those that still exist."""
        return [email for number in numbers if (email := self.find(number)) is not None]

    def _paths(self) -> list[Path]:
        return sorted(self.folder.glob("*.eml"), reverse=True)
