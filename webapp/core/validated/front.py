"""Where a request for a kept page is answered, before the application is asked."""

import time
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from flask import Flask

from .. import addresses, logs, metrics
from ..language import best_for
from .shelf import Shelf
from .state import Moment, State

#: At most so much of a process's memory.
BYTES = 8 * 1024 * 1024
#: Where a request carries the state that was asked for already.
STATE = "folkmoot.state"
PARTS = (
    "wsgi.url_scheme",
    "HTTP_HOST",
    "SCRIPT_NAME",
    "PATH_INFO",
    "QUERY_STRING",
    "HTTP_ACCEPT_ENCODING",
)
OF_THE_BODY = {"Content-Length", "Content-Type", "Content-Encoding"}
HTMX = ("HTTP_HX_REQUEST", "HTTP_HX_TARGET", "HTTP_HX_REQUEST_TYPE")


class Kept(NamedTuple):
    """A page as it was sent, and what had been committed before it was drawn."""

    state: Any
    endpoint: str
    tag: str
    body: bytes
    headers: list[tuple[str, str]]


class Front:
    """The application, with its shelf of visitors' pages before it."""

    def __init__(self, app: Flask) -> None:
        self.application: Callable[..., Iterable[bytes]] = app.wsgi_app
        self.state = State(app)
        self.shelf = Shelf(BYTES)
        self._cookie = app.config["SESSION_COOKIE_NAME"]
        self._extensions = app.extensions

    def has_session(self, environ: dict[str, Any]) -> bool:
        """Whether the browser carries something of ours, however it is spelt: then what it gets
        is for nobody else.
        """
        return self._cookie in environ.get("HTTP_COOKIE", "")

    def key_of(self, environ: dict[str, Any]) -> tuple[str | None, ...]:
        """All that a visitor's page depends on, but for what is in the database."""
        language = best_for(environ.get("HTTP_ACCEPT_LANGUAGE", ""), self._extensions["languages"])
        return (
            language,
            *(environ.get(part) for part in PARTS),
            *(environ.get(part) for part in HTMX),
        )

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """The page from the shelf while it is still so; else whatever the application answers."""
        if environ["REQUEST_METHOD"] in {"GET", "HEAD"} and not self.has_session(environ):
            began = time.perf_counter()
            kept: Kept | None = self.shelf.get(self.key_of(environ))
            if kept is not None:
                state = self.state_of(environ)
                if state is not None and state == kept.state and self._may_read(environ):
                    return _answer(kept, environ, start_response, began)
        return self.application(environ, start_response)

    def state_of(self, environ: dict[str, Any]) -> Moment | None:
        """What had been committed when this request first asked; None when the database did not
        answer.
        """
        if STATE not in environ:
            environ[STATE] = self.state.now()
        state: Moment | None = environ[STATE]
        return state

    def _may_read(self, environ: dict[str, Any]) -> bool:
        """Whether this visitor's limit allows it; where it does not, the application refuses in
        its own words.
        """
        return bool(self._extensions["allowances"].take_for_visitor(addresses.counted_in(environ)))


def _answer(
    kept: Kept, environ: dict[str, Any], start_response: Callable[..., Any], began: float
) -> Iterable[bytes]:
    is_known = kept.tag in environ.get("HTTP_IF_NONE_MATCH", "")
    status, method = "304 NOT MODIFIED" if is_known else "200 OK", environ["REQUEST_METHOD"]
    headers = [header for header in kept.headers if not is_known or header[0] not in OF_THE_BODY]
    told = method, kept.endpoint, int(status[:3]), time.perf_counter() - began
    metrics.answered(*told, 1)
    start_response(status, [*headers, ("X-Request-Id", logs.answered_beforehand(*told))])
    return [] if is_known or method == "HEAD" else [kept.body]
