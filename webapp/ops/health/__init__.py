"""Health of the site's parts: all are checked at once, with a time limit."""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import structlog
from flask import Flask, current_app

from ...core.db.engine import reading

log = structlog.get_logger(__name__)

#: Seconds after which a part counts as not responding.
SECONDS = 2.0
GOOD, LATE, FAILING = STATES = ("good", "late", "failing")


@dataclass
class HealthPart:
    """One part of the site: its state, latency, facts, and what is wrong, as a keyword."""

    name: str
    state: str = GOOD
    problem: str = ""
    ms: float | None = None
    facts: dict[str, Any] = field(default_factory=dict)

    def is_late(self, problem: str) -> None:
        """Mark the part as working but needing attention; keep a worse state."""
        if self.state == GOOD:
            self.state, self.problem = LATE, problem

    def fails(self, problem: str) -> None:
        """Mark the part as not working."""
        self.state, self.problem = FAILING, problem

    def as_json(self) -> dict[str, Any]:
        """Return the answer for scripts."""
        found = {"status": self.state, "ms": self.ms, **self.facts}
        return found | {"problem": self.problem} if self.problem else found


#: Checks a part and records what it finds. Raising an exception means that the part is down.
Check = Callable[[HealthPart], None]


def run_checks(checks: Iterable[Check]) -> list[HealthPart]:
    """Return a part for each check, named like it, after at most SECONDS."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    deadline = time.monotonic() + SECONDS
    sent = [_errand(app, check).go() for check in checks]
    return [_back(thread, part, deadline) for thread, part in sent]


def _back(thread: threading.Thread, part: HealthPart, deadline: float) -> HealthPart:
    thread.join(max(0.0, deadline - time.monotonic()))
    return HealthPart(part.name, FAILING, "silent") if thread.is_alive() else part


def worst(parts: Iterable[HealthPart]) -> str:
    """Return the worst state."""
    return max((part.state for part in parts), key=STATES.index, default=GOOD)


class PendingCheck:
    """A thread that checks one part.

    A request that comes while it still waits doesn't start another.
    """

    def __init__(self, app: Flask, check: Check) -> None:
        self._app, self._check = app, check
        self._lock = threading.Lock()
        self._sent: tuple[threading.Thread, HealthPart] | None = None

    def go(self) -> tuple[threading.Thread, HealthPart]:
        """Start the check unless it runs; return its thread and the part that it fills."""
        with self._lock:
            if self._sent is None or not self._sent[0].is_alive():
                part = HealthPart(self._check.__name__)
                thread = threading.Thread(
                    target=self._ask, args=(part,), name=f"asks-{part.name}", daemon=True
                )
                self._sent = thread, part
                thread.start()
            return self._sent

    def _ask(self, part: HealthPart) -> None:
        token = reading.set(True)
        started = time.perf_counter()
        try:
            with self._app.app_context():
                self._check(part)
        except Exception as error:
            part.fails("away")
            log.warning("part_away", part=part.name, error=type(error).__name__)
        finally:
            reading.reset(token)
            if part.ms is None:
                part.ms = round((time.perf_counter() - started) * 1000, 1)


@cache
def _errand(app: Flask, check: Check) -> PendingCheck:
    return PendingCheck(app, check)
