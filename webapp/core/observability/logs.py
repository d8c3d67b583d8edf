"""One structured log line per request: what was requested, by whom, how long it took.

Never what was typed.
"""

import logging
import secrets
import time
from typing import Any

import structlog
from flask import Flask, Response, g, request

from ..db.engine import reading, statements
from ..http.errors import reference

log = structlog.get_logger("folkmoot.request")


def configure(form: str) -> None:
    """Log as JSON or for a terminal; libraries' warnings too."""
    plain = structlog.dev.ConsoleRenderer(
        exception_formatter=structlog.dev.plain_traceback
    )  # the default shows local variables
    drawn = structlog.processors.JSONRenderer() if form == "json" else plain
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.format_exc_info, drawn]
        if form == "json"
        else [*shared, drawn],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )
    logging.basicConfig(
        level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )


def init_app(app: Flask) -> None:
    """Time every request, count its statements, and mark its transaction as reading or writing."""
    configure(app.config["LOG_FORMAT"])
    app.before_request(_begin)
    app.after_request(_end)
    app.teardown_request(_forget)


def _begin() -> None:
    g.started = time.perf_counter()
    g.tokens = (
        (reading, reading.set(request.method in {"GET", "HEAD", "OPTIONS"})),
        (statements, statements.set([0])),
    )


def _end(response: Response) -> Response:
    if request.path.startswith(("/health", "/live", "/metrics")):
        return response
    counter = statements.get() or [0]
    log.info(
        "request",
        reference=reference(),
        method=request.method,
        route=request.endpoint or "none",
        status=response.status_code,
        user=str(g.reader.id) if "reader" in g else None,
        ms=round((time.perf_counter() - g.get("started", time.perf_counter())) * 1000, 1),
        statements=counter[0],
    )
    response.headers["X-Request-Id"] = reference()
    return response


def answered_beforehand(method: str, endpoint: str, status: int, seconds: float) -> str:
    """Log a request that was answered from the cache; return its number for the answer."""
    number = secrets.token_hex(4)
    log.info(
        "request",
        reference=number,
        method=method,
        route=endpoint,
        status=status,
        user=None,
        ms=round(seconds * 1000, 1),
        statements=1,
    )
    return number


def _forget(error: BaseException | None) -> None:
    for variable, token in g.pop("tokens", ()):
        variable.reset(token)
