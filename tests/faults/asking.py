"""Clients of a running site: one request per connection, with its response and time, and many of
them at the same time.
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

NOBODY = 0  # the status of a request without a response


@dataclass
class Answer:
    """A response: its status (NOBODY without one), when the request was sent, and the seconds that
    it took.
    """

    status: int
    asked_at: float
    seconds: float
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""
    error: str = ""

    @property
    def is_fine(self) -> bool:
        """Whether it's a page or a redirect."""
        return 200 <= self.status < 400

    @property
    def is_clean(self) -> bool:
        """Whether it's fine, or says that the site is unavailable and when to try again."""
        return self.is_fine or (self.status == 503 and "Retry-After" in self.headers)


class Client:
    """A browser for load tests: a cookie and a CSRF token."""

    def __init__(self, url: str, cookie: str = "", token: str = "", patience: float = 20) -> None:
        self.host = urlsplit(url).netloc
        self.cookie, self.token, self.patience = cookie, token, patience

    @classmethod
    def of(cls, url: str, app: Flask, user: Any = None, **options: Any) -> "Client":
        """Return a client whose sign-in was created in the site's database."""
        browser = Browser.of(app, user)
        token = browser.csrf_token()
        name = app.config["SESSION_COOKIE_NAME"]
        cookie = browser.client.get_cookie(name, domain="127.0.0.1")
        assert cookie is not None
        return cls(url, f"{name}={cookie.value}", token, **options)

    def get(self, path: str) -> Answer:
        """Send a GET request."""
        return self._ask("GET", path, None)

    def post(self, path: str, **fields: Any) -> Answer:
        """Send a POST request with the CSRF token."""
        return self._ask("POST", path, urlencode({"csrf_token": self.token, **fields}))

    def listen(self, path: str) -> Answer:
        """Open a stream and close it after its first line."""
        return self._ask("GET", path, None, whole=False)

    def _ask(self, method: str, path: str, body: str | None, whole: bool = True) -> Answer:
        connection = http.client.HTTPConnection(self.host, timeout=self.patience)
        headers = {"Connection": "close"} | ({"Cookie": self.cookie} if self.cookie else {})
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.monotonic()
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            page = (answer.read() if whole else answer.readline()).decode(errors="replace")
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
    """Run each act repeatedly in its own thread, with the round's number as its argument; yield the
    list of answers.
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
    """Return what the acts return, in their order; this many threads start at the same moment and
    share them.
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
    """Return the percentage of good answers."""
    return 100 * sum(getattr(answer, good) for answer in answers) / max(1, len(answers))


def p95(answers: Sequence[Answer]) -> float:
    """Return the 95th percentile of the times in seconds."""
    times = sorted(answer.seconds for answer in answers)
    return times[int(len(times) * 0.95)] if times else 0.0


def longest(answers: Sequence[Answer]) -> float:
    """Return the longest time in seconds."""
    return max((answer.seconds for answer in answers), default=0.0)


def statuses(answers: Sequence[Answer]) -> str:
    """Return the number of answers of each status, such as "200 × 35, 503 × 2"."""
    found = sorted({answer.status for answer in answers})
    return ", ".join(
        f"{status or 'nothing'} × {sum(a.status == status for a in answers)}" for status in found
    )
