"""A real SMTP server that accepts emails, refuses them, stays silent, or loses its confirmation, as
tests tell it.
"""

import asyncio
import threading
from collections import deque
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from scripts.services import free_port


class PostOffice:
    """`emails` are those that were accepted; `rcpt_answers` and `data_answers` are the next answers
    to RCPT and to DATA.

    An answer is a line such as "451 later"; after the last one everything is accepted. With
    "silence" it answers nothing until `speak` is called and then 451. With "pause" it waits like
    that and then accepts the email. With "lost" it accepts the email and answers 451.
    """

    def __init__(self, takes_utf8: bool = True) -> None:
        self.emails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.rcpt_answers: deque[str] = deque()
        self.data_answers: deque[str] = deque()
        self.asked = threading.Event()
        self.port = free_port()
        self._silent = True
        self._controller = Controller(
            self, hostname="127.0.0.1", port=self.port, enable_SMTPUTF8=takes_utf8
        )

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        """Return the next answer to RCPT for aiosmtpd."""
        answer = self.rcpt_answers.popleft() if self.rcpt_answers else "250 OK"
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
            self.recipients.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Return the next answer to DATA for aiosmtpd, and store the email if it's accepted."""
        answer = self.data_answers.popleft() if self.data_answers else "250 OK"
        self.asked.set()
        while answer in {"silence", "pause"} and self._silent:
            await asyncio.sleep(0.02)
        answer = "250 OK" if answer == "pause" else answer
        if answer.startswith("2") or answer == "lost":
            self.emails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "451 what was that?" if answer in {"lost", "silence"} else answer

    def speak(self) -> None:
        """End the silence."""
        self._silent = False

    def __enter__(self) -> "PostOffice":
        self._controller.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.speak()
        self._controller.stop()
