"""This machine's clock. Tests change `now`."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_shown: ContextVar[datetime | None] = ContextVar("shown", default=None)


def now() -> datetime:
    """Return the current time, aware, in UTC."""
    return _shown.get() or datetime.now(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let all clocks show this moment: rules called inside write what they would have written
    then. Only for inventing a past, as the demo does.
    """
    token = _shown.set(moment)
    try:
        yield
    finally:
        _shown.reset(token)


def is_set() -> bool:
    """Whether it shows a moment of `at`."""
    return _shown.get() is not None
