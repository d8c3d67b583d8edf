"""Clients of a running site: one question a connection, each with its answer and its time; and
many of them at once.
"""

import http.client
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Flask

from tests.browser_like import Browser

NOBODY = 0  # the status of a question that nobody answered


@dataclass
class Answer:
    """What came back: a status (NOBODY when nothing did), when the question was put, and how
    many seconds it took.
    """

    status: int
    asked_at: float
    seconds: float
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""
    error: str = ""

    @property
    def is_fine(self) -> bool:
        """A page, or the way to one."""
        return 200 <= self.status < 400

    @property
    def is_clean(self) -> bool:
        """Fine, or a word that the site is away and when to come again."""
        return self.is_fine or (self.status == 503 and "Retry-After" in self.headers)


class Client:
    """Someone's browser as far as load goes: their cookie, and the token of their forms."""

    def __init__(self, url: str, cookie: str = "", token: str = "", patience: float = 20) -> None:
        self.host = urlsplit(url).netloc
        self.cookie, self.token, self.patience = cookie, token, patience

    @classmethod
    def of(cls, url: str, app: Flask, user: Any = None, **options: Any) -> "Client":
        """A client whose sign-in was made by the application's own verb in the site's database."""
        browser = Browser.of(app, user)
        token = browser.csrf_token()
        name = app.config["SESSION_COOKIE_NAME"]
        cookie = browser.client.get_cookie(name, domain="127.0.0.1")
        assert cookie is not None
        return cls(url, f"{name}={cookie.value}", token, **options)

    def get(self, path: str) -> Answer:
        """The answer to GET."""
        return self._ask("GET", path, None)

    def post(self, path: str, **fields: Any) -> Answer:
        """The answer to POST, with the form's token."""
        return self._ask("POST", path, urlencode({"csrf_token": self.token, **fields}))

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        connection = http.client.HTTPConnection(self.host, timeout=self.patience)
        headers = {"Connection": "close"} | ({"Cookie": self.cookie} if self.cookie else {})
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.monotonic()
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            page = answer.read().decode(errors="replace")
            return Answer(
                answer.status, began, time.monotonic() - began, dict(answer.headers), page
            )
        except (OSError, http.client.HTTPException) as error:
            return Answer(
                NOBODY, began, time.monotonic() - began, error=f"{type(error).__name__} {error}"
            )
        finally:
            connection.close()


@contextmanager
def load(*acts: Callable[[int], Answer], pause: float = 0.0) -> Any:
    """Each act runs again and again in a thread of its own, with the number of the round; gives
    the list of answers.
    """
    answers: list[Answer] = []
    stopping = threading.Event()

    def again(act: Callable[[int], Answer]) -> None:
        number = 0
        while not stopping.is_set():
            answers.append(act(number))
            number += 1
            stopping.wait(pause)

    threads = [threading.Thread(target=again, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        stopping.set()
        for thread in threads:
            thread.join()


def at_once(acts: Sequence[Callable[[], Any]], clients: int) -> list[Any]:
    """What the acts returned, in their order; so many threads begin in the same moment and share
    them.
    """
    start = threading.Barrier(clients)
    results: list[Any] = [None] * len(acts)

    def work(first: int) -> None:
        start.wait(30)
        for place in range(first, len(acts), clients):
            results[place] = acts[place]()

    threads = [threading.Thread(target=work, args=(first,)) for first in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def share(answers: Sequence[Answer], good: str = "is_fine") -> float:
    """How many of a hundred were good."""
    return 100 * sum(getattr(answer, good) for answer in answers) / max(1, len(answers))


def p95(answers: Sequence[Answer]) -> float:
    """The seconds within which 95 of a hundred were answered."""
    times = sorted(answer.seconds for answer in answers)
    return times[int(len(times) * 0.95)] if times else 0.0


def longest(answers: Sequence[Answer]) -> float:
    """The seconds of the slowest."""
    return max((answer.seconds for answer in answers), default=0.0)


def statuses(answers: Sequence[Answer]) -> str:
    """Such as “200 x 35, 503 x 2”."""
    found = sorted({answer.status for answer in answers})
    return ", ".join(
        f"{status or 'nothing'} × {sum(a.status == status for a in answers)}" for status in found
    )
