"""Where a request for a cached page is answered, before the application is asked."""

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
    """At most so many bytes of pages, in this process alone. Safe among threads."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.size = 0
        self._pages: OrderedDict[Any, tuple[Any, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Any) -> Any:
        """What was put under the key last; None when it is gone."""
        with self._lock:
            found = self._pages.get(key)
            if found is None:
                return None
            self._pages.move_to_end(key)
            return found[0]

    def put(self, key: Any, page: Any, size: int) -> None:
        """The page, so many bytes large, is there under the key; others may have gone for it."""
        size += 1000  # its headers
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
    """The minute, the connection that was asked, what it said, and the word for what the site's
    admins have settled.
    """

    minute: float
    connection: int
    committed: Any
    settled: str


class CommitState:
    """Asks the database, outside of any transaction, on a connection of its own: it takes a tenth
    of a millisecond.

    PostgreSQL says which transactions are visible: the same text means the same rows, no matter who
    wrote, another program too. SQLite counts what others commit as long as a connection lives,
    which is why this one never writes and has a number.
    """

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._engine: sa.Engine | None = None
        self._question = ""
        self._lock = Lock()

    def now(self) -> CommitMoment | None:
        """The state; None when the database does not answer: then nothing that is kept may be
        trusted.
        """
        engine = self._asking()
        away: type[Exception] = (
            engine.dialect.loaded_dbapi.Error
        )  # the pool passes on the driver's errors as they are
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


class CachedPage(NamedTuple):
    """A page as it was sent, and what had been committed before it was drawn."""

    state: Any
    endpoint: str
    tag: str
    body: bytes
    headers: list[tuple[str, str]]


class PageCache:
    """The application, with its cache of visitors' pages before it."""

    def __init__(self, app: Flask) -> None:
        self.application: Callable[..., Iterable[bytes]] = app.wsgi_app
        self.state = CommitState(app)
        self.pages = CachedPages(BYTES)
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
        """The page from the cache while it is still so; else whatever the application answers."""
        if environ["REQUEST_METHOD"] in {"GET", "HEAD"} and not self.has_session(environ):
            began = time.perf_counter()
            kept: CachedPage | None = self.pages.get(self.key_of(environ))
            if kept is not None:
                state = self.state_of(environ)
                if state is not None and state == kept.state and self._may_read(environ):
                    return _answer(kept, environ, start_response, began)
        return self.application(environ, start_response)

    def state_of(self, environ: dict[str, Any]) -> CommitMoment | None:
        """What had been committed when this request first asked; None when the database did not
        answer.
        """
        if STATE not in environ:
            environ[STATE] = self.state.now()
        state: CommitMoment | None = environ[STATE]
        return state

    def _may_read(self, environ: dict[str, Any]) -> bool:
        """Whether this visitor's limit allows it; where it does not, the application refuses in
        its own words.
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

#: Nothing between us and a browser shows a page for longer than this second without asking;
#: browsers always ask.
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


def init_app(app: Flask) -> None:
    """Every answer says who may keep it.

    To be called before what changes bodies (compression) or serves other files.
    """
    front = PageCache(app)
    app.extensions["validated"] = front
    app.wsgi_app = front  # type: ignore[method-assign]
    app.config["COMPRESS_EVALUATE_CONDITIONAL_REQUEST"] = (
        False  # _keep does, once the page is in the cache
    )
    app.after_request(_keep)


def cached_for_visitors(view: View) -> View:
    """The route's page is kept for visitors; for people with a session it is made as always."""

    @wraps(view)
    def inner(*args: Any, **kwargs: Any) -> Any:
        front: PageCache = current_app.extensions["validated"]
        if not front.has_session(request.environ):
            state = front.state_of(request.environ)
            if state is not None:
                g.to_keep = state
        return make_response(view(*args, **kwargs))

    return inner


def set_cache_headers(response: Response) -> Response:
    """The answer says for whom it is: a validated page for all, to be asked for again by its
    tag; all else for one.
    """
    if "Cache-Control" in response.headers or request.method not in {"GET", "HEAD"}:
        return response
    if response.status_code != 200 or "to_keep" not in g or session or session.modified:
        response.headers["Cache-Control"] = PRIVATE
        return response
    response.headers["Cache-Control"] = PUBLIC
    response.vary.update(VARY)
    response.set_etag(hashlib.blake2b(response.get_data(), digest_size=12).hexdigest(), weak=True)
    return response


def _keep(response: Response) -> Any:
    """Last of all: the page is kept as it leaves, and who has it already is told so."""
    if response.headers.get("Cache-Control") != PUBLIC:
        return response
    kept = CachedPage(
        g.to_keep,
        request.endpoint or "",
        response.headers["ETag"],
        response.get_data(),
        list(response.headers),
    )
    front: PageCache = current_app.extensions["validated"]
    key = front.key_of(request.environ)
    size = len(kept.body) + sum(
        len(part or "") for part in key
    )  # the client chooses how long a key is
    front.pages.put(key, kept, size)
    return response.make_conditional(request)
