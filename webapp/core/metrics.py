"""What is measured while the application runs, for Prometheus; `ops` serves it.

Where gunicorn runs several processes each writes into PROMETHEUS_MULTIPROC_DIR, which `gunicorn.conf.py` makes before any
of them imports this. Labels are the names of routes and limits: there are only so many.
"""

import time
from functools import cache
from typing import Any

from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from sqlalchemy import event
from sqlalchemy.pool import Pool

from .database import statements

#: Ours alone: what the library itself would tell of the process cannot be told of several.
REGISTRY = CollectorRegistry()
BUCKETS = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)

_requests = Counter("folkmoot_requests", "Requests answered.", ["method", "route", "status"], registry=REGISTRY)
_seconds = Histogram("folkmoot_request_seconds", "How long answers took.", ["route"], registry=REGISTRY, buckets=BUCKETS)
_statements = Counter("folkmoot_statements", "SQL statements sent while answering.", ["route"], registry=REGISTRY)
_refusals = Counter("folkmoot_limit_refusals", "Requests refused because they were too many.", ["limit"], registry=REGISTRY)
_streams = Gauge("folkmoot_streams", "Open streams.", registry=REGISTRY, multiprocess_mode="livesum")
_connections = Gauge(
    "folkmoot_database_connections", "Database connections in use.", registry=REGISTRY, multiprocess_mode="livesum"
)


def init_app(app: Flask) -> None:
    """Every request but a watchman's is counted and timed."""
    app.after_request(_measure)


def refused(limit: str) -> None:
    """One more request was refused by this limit."""
    _refusals.labels(limit).inc()


def streams(number: int) -> None:
    """So many more streams are open in this process, or fewer."""
    _streams.inc(number)


@event.listens_for(Pool, "checkout")
def _take(connection: Any, record: Any, proxy: Any) -> None:
    _connections.inc(+1)


@event.listens_for(Pool, "checkin")
def _give_back(connection: Any, record: Any) -> None:
    _connections.inc(-1)


@cache
def _of(method: str, route: str, status: int) -> tuple[Any, Any, Any]:
    """Looking children up costs more than counting."""
    return _requests.labels(method, route, status), _seconds.labels(route), _statements.labels(route)


def answered(method: str, route: str, status: int, seconds: float, sent: int) -> None:
    """One more request was answered, with so many statements."""
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
