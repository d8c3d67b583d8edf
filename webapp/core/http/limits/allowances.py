"""Requests per minute for each person, or each address of visitors: reading, changes and uploads.

A process takes several at once from Redis, before they are used: one round trip for ten or fifty
requests. All processes together still never exceed the limit. The fewer are left, the fewer it
takes at once.
"""

import threading
import time
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask import Flask, current_app, g, request
from flask_login import current_user
from werkzeug.exceptions import TooManyRequests

from ...observability import metrics
from .. import client_address

#: This many people may share one address.
ADDRESS_MULTIPLIER = 5
#: Monitoring may ask as often as it likes.
UNCOUNTED = ("health.", "status.", "metrics.")
MINUTE = 60


class LimitStatus(NamedTuple):
    """Requests per minute, how many are left, and when the next minute begins."""

    most: int
    left: int
    resets_at: float


@dataclass
class LocalAllotment:
    """What this process holds for a key in this minute. `ready`: taken from Redis.

    `more`: not taken yet.
    """

    more: int
    ready: int = 0


class Allowance:
    """`most` requests a minute for each key, taken from Redis `handful` at a time."""

    def __init__(self, name: str, most: int, handful: int, counters: Any) -> None:
        self.name, self.most, self.handful = name, most, handful
        self._counters = counters
        self._lock = threading.Lock()
        self._minute = 0
        self._hands: dict[str, LocalAllotment] = {}

    def take(self, key: str) -> LimitStatus | None:
        """Use one; None if none is left in this minute."""
        minute = int(time.time() // MINUTE)
        hand = self._hand(key, minute)
        while True:
            with self._lock:
                if hand.ready:
                    hand.ready -= 1
                    return LimitStatus(self.most, hand.ready + hand.more, (minute + 1) * MINUTE)
                if not hand.more:
                    return None
            self._fill(hand, f"{self.name}:{key}:{minute}")

    def _hand(self, key: str, minute: int) -> LocalAllotment:
        with self._lock:
            if minute != self._minute:
                self._hands.clear()
                self._minute = minute
            return self._hands.setdefault(key, LocalAllotment(self.most))

    def _fill(self, hand: LocalAllotment, key: str) -> None:
        """Take more from Redis without holding the lock: two threads may both take some."""
        wanted = max(1, min(self.handful, hand.more // 10))
        total = self._counters.add(key, MINUTE, wanted)
        with self._lock:
            hand.ready += max(0, min(wanted, self.most - (total - wanted)))
            hand.more = max(0, self.most - total)


class Allowances:
    """The three kinds of requests, for people and, higher, for addresses. 0 means no limit."""

    def __init__(self, reading: int, changes: int, uploads: int, counters: Any) -> None:
        kinds = {"reading": (reading, 10), "changes": (changes, 1), "uploads": (uploads, 1)}
        self.people, self.addresses = (
            {
                name: Allowance(name, most * each, handful * each, counters)
                for name, (most, handful) in kinds.items()
            }
            for each in (1, ADDRESS_MULTIPLIER)
        )

    def take_for_visitor(self, where: str) -> bool:
        """Whether a visitor from this address may read one more page; count it."""
        allowance = self.addresses["reading"]
        return not allowance.most or allowance.take(where) is not None

    def of(self, kind: str) -> tuple[Allowance, str]:
        """Return the allowance that this request uses, and its key.

        Unknown URLs don't look up the person.
        """
        if request.endpoint is not None and current_user.is_authenticated:
            return self.people[kind], str(current_user.id)
        return self.addresses[kind], client_address.counted()


def init_app(app: Flask, counters: Any) -> None:
    """Count every request before it is answered, except those of monitoring."""
    most = (app.config["LIMIT_READING"], app.config["LIMIT_CHANGES"], app.config["LIMIT_UPLOADS"])
    app.extensions["allowances"] = Allowances(*most, counters)
    app.before_request(_count)


def take_more(kind: str, number: int) -> None:
    """Count `number` more requests of this kind, after the first.

    Raises TooManyRequests if they aren't left.
    """
    allowance, key = current_app.extensions["allowances"].of(kind)
    for _one in range(number if allowance.most else 0):
        _take(allowance, key)


def _count() -> None:
    if (request.endpoint or "").startswith(UNCOUNTED):
        return
    for kind in _kinds():
        allowance, key = current_app.extensions["allowances"].of(kind)
        if allowance.most:
            _take(allowance, key)


def _take(allowance: Allowance, key: str) -> None:
    g.allowance = count = allowance.take(key)
    if count is None:
        _refuse(allowance)


def _kinds() -> list[str]:
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        return ["reading"]
    view = current_app.view_functions.get(request.endpoint or "")
    is_upload = request.mimetype == "multipart/form-data" and not getattr(
        view, "counts_files", False
    )
    return ["changes", "uploads"] if is_upload else ["changes"]


def _refuse(allowance: Allowance) -> None:
    now = time.time()
    g.allowance = LimitStatus(allowance.most, 0, (now // MINUTE + 1) * MINUTE)
    metrics.refused(allowance.name)
    raise TooManyRequests(retry_after=int(MINUTE - now % MINUTE) + 1)
