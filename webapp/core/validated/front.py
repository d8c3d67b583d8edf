"""Where a request for a kept page is answered, before the application is asked."""

import time
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from .. import clock, logs
from ..language import best_for
from .shelf import Shelf
from .state import State

#: At most so much of a process's memory.
BYTES = 8 * 1024 * 1024
#: Where a request carries the state that was asked for already.
STATE = "folkmoot.state"
PARTS = ("wsgi.url_scheme", "HTTP_HOST", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "HTTP_ACCEPT_ENCODING")
HTMX = ("HTTP_HX_REQUEST", "HTTP_HX_TARGET", "HTTP_HX_REQUEST_TYPE")


class Kept(NamedTuple):
    """A page as it was sent, and what had been committed before it was drawn."""

    state: Any
    endpoint: str
    tag: str
    body: bytes
    headers: list[tuple[str, str]]


def key_of(environ: dict[str, Any]) -> tuple[str | None, ...]:
    """All that a visitor's page depends on, but for what is in the database."""
    language = best_for(environ.get("HTTP_ACCEPT_LANGUAGE", ""))
    return (language, *(environ.get(part) for part in PARTS), *(environ.get(part) for part in HTMX))


class Front:
    """The application, with its shelf of visitors' pages before it."""

    def __init__(self, application: Callable[..., Any], state: State, cookie: str) -> None:
        self.application = application
        self.state = state
        self.shelf = Shelf(BYTES)
        self._cookie = cookie + "="

    def has_session(self, environ: dict[str, Any]) -> bool:
        """Whether the browser carries something of ours: then what it gets is for nobody else."""
        return self._cookie in environ.get("HTTP_COOKIE", "")

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """The page from the shelf while it is still so; else whatever the application answers."""
        if environ["REQUEST_METHOD"] in {"GET", "HEAD"} and not self.has_session(environ):
            began = time.perf_counter()
            kept: Kept | None = self.shelf.get(key_of(environ))
            if kept is not None:
                state = environ[STATE] = self.state.now()
                if state is not None and state == kept.state:
                    return _answer(kept, environ, start_response, began)
        answer: Iterable[bytes] = self.application(environ, start_response)
        return answer


def _answer(kept: Kept, environ: dict[str, Any], start_response: Callable[..., Any], began: float) -> Iterable[bytes]:
    is_known = kept.tag in environ.get("HTTP_IF_NONE_MATCH", "")
    status = "304 NOT MODIFIED" if is_known else "200 OK"
    request_id = logs.kept_page(environ["REQUEST_METHOD"], kept.endpoint, int(status[:3]), time.perf_counter() - began)
    start_response(status, [*(_without_body(kept.headers) if is_known else kept.headers), ("X-Request-Id", request_id)])
    return [] if is_known or environ["REQUEST_METHOD"] == "HEAD" else [kept.body]


def _without_body(headers: list[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    return (header for header in headers if header[0] not in {"Content-Length", "Content-Type", "Content-Encoding"})
