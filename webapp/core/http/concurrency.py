"""Limit how many pages a process renders at once: threads that share the GIL slow each other down.

With thirty threads a page takes twice the processor time, since they switch at every statement.
Each thread also needs memory of its own. A request doesn't take longer by waiting here. Changes and
health checks aren't limited: a change may have to wait for a row lock.
"""

from collections.abc import Callable, Iterable
from threading import BoundedSemaphore
from typing import Any

from flask import Flask

#: One thread computes while another waits for the database.
AT_ONCE = 2
#: After this many seconds a request goes ahead anyway: those before it must be waiting, not
#: computing.
PATIENCE = 1.0


class ConcurrencyLimit:
    """The application, rendering at most this many pages at once."""

    def __init__(self, application: Callable[..., Iterable[bytes]], at_once: int = AT_ONCE) -> None:
        self.application = application
        self._free = BoundedSemaphore(at_once)

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Answer the request; a page waits its turn first."""
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
    """Limit concurrent pages. Call this before adding middleware that answers without rendering."""
    app.wsgi_app = ConcurrencyLimit(app.wsgi_app)  # type: ignore[method-assign]
