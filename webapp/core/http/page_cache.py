"""A cache of visitors' pages, answered before Flask sees the request."""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from functools import wraps
from itertools import count
from threading import Lock
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import Flask, Response, current_app, g, make_response, request, session

from .. import site_settings
from ..i18n import best_for
from ..observability import logs, metrics
from ..time import clock
from . import client_address


class CachedPages:
    """A thread-safe cache of pages, in this process only, of at most `most` bytes."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.size = 0
        self._pages: OrderedDict[Any, tuple[Any, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Any) -> Any:
        """Return the page stored under the key, or None."""
        with self._lock:
            found = self._pages.get(key)
            if found is None:
                return None
            self._pages.move_to_end(key)
            return found[0]

    def put(self, key: Any, page: Any, size: int) -> None:
        """Store a page of `size` bytes. The pages used least recently make room."""
        size += 1000  # for its headers
        with self._lock:
            self.size += size - self._pages.pop(key, (None, 0))[1]
            self._pages[key] = page, size
            while self.size > self.most:
                self.size -= self._pages.popitem(last=False)[1][1]


QUESTION = {
    "postgresql": "SELECT pg_current_snapshot()::text, {settled}",
    "sqlite": "SELECT data_version, {settled} FROM pragma_data_version",
}
_numbers = count()


class CommitMoment(NamedTuple):
    """The minute, the connection used, what it reported, and the version of the site settings."""

    minute: float
    connection: int
    committed: Any
    settled: str


class CommitState:
    """Asks whether anything was committed, outside any transaction, on its own connection.

    It takes 0.1 ms. PostgreSQL reports a snapshot: the same text means the same rows, even if
    another program wrote. SQLite counts the commits of other connections during one connection's
    life. So this connection never writes, and has a number.
    """

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._engine: sa.Engine | None = None
        self._question = ""
        self._lock = Lock()

    def now(self) -> CommitMoment | None:
        """Return the state; None if the database doesn't answer, so no cached page can be
        trusted.
        """
        engine = self._asking()
        away: type[Exception] = (
            engine.dialect.loaded_dbapi.Error
        )  # the pool passes on the driver's errors
        minute = clock.now().timestamp() // 60
        try:
            connection = engine.raw_connection()
        except (away, sa.exc.DBAPIError, sa.exc.TimeoutError):
            return None
        try:
            committed, settled = connection.cursor().execute(self._question).fetchone()
            return CommitMoment(
                minute, connection.info.setdefault("number", next(_numbers)), committed, settled
            )
        except away:
            connection.invalidate()
            return None
        finally:
            connection.close()

    def _asking(self) -> sa.Engine:
        with self._lock:
            if self._engine is None:
                alone: dict[str, Any] = {
                    "pool_size": 1,
                    "max_overflow": 0,
                    "pool_timeout": 1,
                    "pool_reset_on_return": None,
                }
                url = self._app.config["SQLALCHEMY_DATABASE_URI"]
                engine = sa.create_engine(
                    url, isolation_level="AUTOCOMMIT", poolclass=sa.QueuePool, **alone
                )
                settled = site_settings.version().compile(
                    engine, compile_kwargs={"literal_binds": True}
                )
                self._question = QUESTION[engine.dialect.name].format(settled=settled)
                self._engine = engine
            return self._engine


#: At most this much memory of a process.
BYTES = 8 * 1024 * 1024
#: The WSGI key under which a request keeps the state it has read.
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


class CachedPage(NamedTuple):
    """A page as it was sent, and the state of the database before it was rendered."""

    state: Any
    endpoint: str
    tag: str
    body: bytes
    headers: list[tuple[str, str]]


class PageCache:
    """The application with the cache of visitors' pages in front."""

    def __init__(self, app: Flask) -> None:
        self.application: Callable[..., Iterable[bytes]] = app.wsgi_app
        self.state = CommitState(app)
        self.pages = CachedPages(BYTES)
        self._cookie = app.config["SESSION_COOKIE_NAME"]
        self._extensions = app.extensions

    def has_session(self, environ: dict[str, Any]) -> bool:
        """Whether the browser sent our session cookie in any form: then its pages are for it
        alone.
        """
        return self._cookie in environ.get("HTTP_COOKIE", "")

    def key_of(self, environ: dict[str, Any]) -> tuple[str | None, ...]:
        """Return everything that a visitor's page depends on, except the database."""
        language = best_for(environ.get("HTTP_ACCEPT_LANGUAGE", ""), self._extensions["languages"])
        return (
            language,
            *(environ.get(part) for part in PARTS),
            *(environ.get(part) for part in HTMX),
        )

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Answer from the cache while the page is current; otherwise call the application."""
        if environ["REQUEST_METHOD"] in {"GET", "HEAD"} and not self.has_session(environ):
            began = time.perf_counter()
            kept: CachedPage | None = self.pages.get(self.key_of(environ))
            if kept is not None:
                state = self.state_of(environ)
                if state is not None and state == kept.state and self._may_read(environ):
                    return _answer(kept, environ, start_response, began)
        return self.application(environ, start_response)

    def state_of(self, environ: dict[str, Any]) -> CommitMoment | None:
        """Return the state when this request first asked; None if the database didn't answer."""
        if STATE not in environ:
            environ[STATE] = self.state.now()
        state: CommitMoment | None = environ[STATE]
        return state

    def _may_read(self, environ: dict[str, Any]) -> bool:
        """Whether this visitor's limit allows it.

        If not, the application refuses with its own page.
        """
        return bool(
            self._extensions["allowances"].take_for_visitor(client_address.counted_in(environ))
        )


def _answer(
    kept: CachedPage, environ: dict[str, Any], start_response: Callable[..., Any], began: float
) -> Iterable[bytes]:
    is_known = kept.tag in environ.get("HTTP_IF_NONE_MATCH", "")
    status, method = "304 NOT MODIFIED" if is_known else "200 OK", environ["REQUEST_METHOD"]
    headers = [header for header in kept.headers if not is_known or header[0] not in OF_THE_BODY]
    record = method, kept.endpoint, int(status[:3]), time.perf_counter() - began
    metrics.answered(*record, 1)
    start_response(status, [*headers, ("X-Request-Id", logs.answered_beforehand(*record))])
    return [] if is_known or method == "HEAD" else [kept.body]


View = Callable[..., Any]

#: Shared caches may keep a page for one second; browsers always ask.
PUBLIC = "public, max-age=0, s-maxage=1, must-revalidate"
PRIVATE = "private, no-store"
VARY = (
    "Cookie",
    "Accept-Language",
    "Accept-Encoding",
    "HX-Request",
    "HX-Target",
    "HX-Request-Type",
)


#: What shared caches keep of a visitors' page that is gone, so that the page doesn't come back in
#: an outage. Its Vary must differ from that of pages: then nginx finds none of their variants.
REFUSALS = {301, 302, 303, 307, 308, 403, 404, 410}
VARY_OF_REFUSALS = ("Cookie", "Accept-Language", "Accept-Encoding", "HX-Request")


def init_app(app: Flask) -> None:
    """Put the cache in front of the application.

    Call this before adding middleware that changes bodies (compression) or serves files.
    """
    front = PageCache(app)
    app.extensions["page_cache"] = front
    app.wsgi_app = front  # type: ignore[method-assign]
    app.config["COMPRESS_EVALUATE_CONDITIONAL_REQUEST"] = (
        False  # _keep does, once the page is cached
    )
    app.after_request(_keep)


def cached_for_visitors(view: View) -> View:
    """Cache the route's page for visitors; people with a session get a fresh one."""

    @wraps(view)
    def inner(*args: Any, **kwargs: Any) -> Any:
        front: PageCache = current_app.extensions["page_cache"]
        if not front.has_session(request.environ):
            state = front.state_of(request.environ)
            if state is not None:
                g.to_keep = state
        return make_response(view(*args, **kwargs))

    return inner


def set_cache_headers(response: Response) -> Response:
    """Set the cache headers: public for pages to cache, with an ETag, and for refusals in their
    place; private for all others.
    """
    if "Cache-Control" in response.headers or request.method not in {"GET", "HEAD"}:
        return response
    is_page = response.status_code == 200
    is_public = "to_keep" in g and (is_page or response.status_code in REFUSALS)
    if not is_public or session or session.modified:
        response.headers["Cache-Control"] = PRIVATE
        return response
    response.headers["Cache-Control"] = PUBLIC
    response.vary.update(VARY if is_page else VARY_OF_REFUSALS)
    if is_page:
        response.set_etag(
            hashlib.blake2b(response.get_data(), digest_size=12).hexdigest(), weak=True
        )
    return response


def _keep(response: Response) -> Any:
    """Store the page as it was sent; answer 304 if the browser has it. Runs last."""
    if response.headers.get("Cache-Control") != PUBLIC or response.status_code != 200:
        return response
    kept = CachedPage(
        g.to_keep,
        request.endpoint or "",
        response.headers["ETag"],
        response.get_data(),
        list(response.headers),
    )
    front: PageCache = current_app.extensions["page_cache"]
    key = front.key_of(request.environ)
    size = len(kept.body) + sum(
        len(part or "") for part in key
    )  # the client chooses the key's length
    front.pages.put(key, kept, size)
    return response.make_conditional(request)
