"""Development's mailbox: a folder in which every mail is a file, the newest kept."""

import re
import time
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from secrets import token_hex
from typing import NamedTuple

KEPT = 500
_NAME = re.compile(r"[0-9]{19}-[0-9a-f]{8}")


class Mail(NamedTuple):
    """A mail and the name under which it lies in the mailbox."""

    name: str
    message: EmailMessage


class Mailbox:
    """The mails in `folder`; their names tell their order and nothing else."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, mail: bytes) -> None:
        """The mail lies on top; the oldest is gone when there are more than 500."""
        self.folder.mkdir(parents=True, exist_ok=True)
        name = f"{time.time_ns():019d}-{token_hex(4)}"
        unfinished = self.folder / f"{name}.part"
        unfinished.write_bytes(mail)
        unfinished.rename(self.folder / f"{name}.eml")
        for path in self._paths()[KEPT:]:
            path.unlink(missing_ok=True)

    def newest(self, most: int = KEPT) -> list[Mail]:
        """The mails, the newest first."""
        found = [self.find(path.stem) for path in self._paths()[:most]]
        return [mail for mail in found if mail is not None]

    def find(self, name: str) -> Mail | None:
        """The mail of this name, if there is one."""
        if not _NAME.fullmatch(name):
            return None
        try:
            content = (self.folder / f"{name}.eml").read_bytes()
        except FileNotFoundError:
            return None
        return Mail(name, message_from_bytes(content, policy=policy.default))  # type: ignore[arg-type]

    def clear(self) -> None:
        """The mailbox is empty."""
        for path in self._paths():
            path.unlink(missing_ok=True)

    def _paths(self) -> list[Path]:
        return sorted(self.folder.glob("*.eml"), reverse=True)
