"""Few pages are drawn at the same time in one process: Python runs one thread at a time, and who
shares it pays for that.

Thirty threads that draw pages hand the interpreter to each other at every statement: a page then
costs twice the processor time, and each thread keeps its own share of memory. A request waits here
no longer than they would have there. What changes something takes no turn, since it may have
to wait for a row's lock; nor does a watchman.
"""

from collections.abc import Callable, Iterable
from threading import BoundedSemaphore
from typing import Any

from flask import Flask

#: One that computes and one that waits for the database.
AT_ONCE = 2
#: Seconds after which nobody waits any more: what has the turns waits for something, and does
#: not compute.
PATIENCE = 1.0


class ConcurrencyLimit:
    """The application, drawing so many pages at once."""

    def __init__(self, application: Callable[..., Iterable[bytes]], at_once: int = AT_ONCE) -> None:
        self.application = application
        self._free = BoundedSemaphore(at_once)

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """The answer; drawn in turn where it is a page."""
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or environ["PATH_INFO"].startswith(
            ("/health", "/metrics")
        ):
            return self.application(environ, start_response)
        has_turn = self._free.acquire(timeout=PATIENCE)
        try:
            return self.application(environ, start_response)
        finally:
            if has_turn:
                self._free.release()


def init_app(app: Flask) -> None:
    """Pages are drawn in turn. To be called before what answers without drawing."""
    app.wsgi_app = ConcurrencyLimit(app.wsgi_app)  # type: ignore[method-assign]
