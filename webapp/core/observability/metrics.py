"""Prometheus metrics of the running application; `ops` serves them.

With several gunicorn processes each writes into PROMETHEUS_MULTIPROC_DIR, which `gunicorn.conf.py`
creates before any of them imports this. Labels are names of routes and limits, so their number is
bounded.
"""

import time
from functools import cache
from typing import Any

from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from sqlalchemy import event
from sqlalchemy.pool import Pool, QueuePool

from ..db.engine import statements

#: Only our metrics: the library's own describe one process, not several.
REGISTRY = CollectorRegistry()
BUCKETS = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)

_requests = Counter(
    "folkmoot_requests", "Requests answered.", ["method", "route", "status"], registry=REGISTRY
)
_seconds = Histogram(
    "folkmoot_request_seconds",
    "How long answers took.",
    ["route"],
    registry=REGISTRY,
    buckets=BUCKETS,
)
_statements = Counter(
    "folkmoot_statements", "SQL statements sent while answering.", ["route"], registry=REGISTRY
)
_refusals = Counter(
    "folkmoot_limit_refusals",
    "Requests refused because they were too many.",
    ["limit"],
    registry=REGISTRY,
)
_streams = Gauge(
    "folkmoot_streams", "Open streams.", registry=REGISTRY, multiprocess_mode="livesum"
)
_connections = Gauge(
    "folkmoot_database_connections",
    "Database connections in use.",
    registry=REGISTRY,
    multiprocess_mode="livesum",
)
_pool = Gauge(
    "folkmoot_database_pool",
    "Database connections that may be in use at once.",
    registry=REGISTRY,
    multiprocess_mode="livesum",
)
_places = Gauge(
    "folkmoot_stream_places",
    "Streams that may be open at once.",
    registry=REGISTRY,
    multiprocess_mode="livesum",
)
_in_vain = Counter(
    "folkmoot_database_away", "Requests that the database let down.", ["error"], registry=REGISTRY
)


def init_app(app: Flask) -> None:
    """Count and time every request except monitoring."""
    app.after_request(_measure)


def refused(limit: str) -> None:
    """Count a request that this limit refused."""
    _refusals.labels(limit).inc()


def streams(number: int) -> None:
    """Add `number` to the open streams of this process."""
    _streams.inc(number)


def set_limits(pool: Any, overflow: int, places: int) -> None:
    """Set how many connections and streams this process may have, `overflow` beyond the pool's
    own.
    """
    _places.set(places)
    if isinstance(pool, QueuePool):
        _pool.set(pool.size() + overflow)


def database_away(error: str) -> None:
    """Count a request that the database didn't answer, by type of error, including the pool's
    time-out.
    """
    _in_vain.labels(error).inc()


@event.listens_for(Pool, "checkout")
def _take(connection: Any, record: Any, proxy: Any) -> None:
    _connections.inc(+1)


@event.listens_for(Pool, "checkin")
def _give_back(connection: Any, record: Any) -> None:
    _connections.inc(-1)


@cache
def _of(method: str, route: str, status: int) -> tuple[Any, Any, Any]:
    """Look up the labelled metrics. Cached: the look-up costs more than counting."""
    return (
        _requests.labels(method, route, status),
        _seconds.labels(route),
        _statements.labels(route),
    )


def answered(method: str, route: str, status: int, seconds: float, sent: int) -> None:
    """Count an answered request with its number of statements."""
    method = method if method in {"GET", "POST", "HEAD"} else "other"
    number, duration, statements_sent = _of(method, route, status)
    number.inc()
    duration.observe(seconds)
    statements_sent.inc(sent)


def _measure(response: Response) -> Response:
    route = request.endpoint or "none"
    if not route.startswith(("health.", "metrics.")):
        seconds = time.perf_counter() - g.get("started", time.perf_counter())
        answered(request.method, route, response.status_code, seconds, (statements.get() or [0])[0])
    return response
