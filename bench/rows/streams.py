"""500 open streams on their own process: its memory, the delay of signals, and the effect on
pages.
"""

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from scripts import services
from webapp.accounts.models import SignIn
from webapp.core.extensions import db

from .. import load
from ..bench import Bench, Place, Watch
from ..data import events
from ..data.values import row_id
from ..listeners import Listeners, listening
from ..load import Failed
from ..results import Result, figure
from ..servers import Server, serving
from ..sites import Visitor
from . import row
from .pages import EVENT

STREAMS = 500
#: Streams that are open at the first measurement of memory. The first ones have costs that don't
#: recur.
FEW = 100
ROUNDS = 20
#: The options of the Procfile's `live` line.
LIVE = (
    "--worker-class",
    "gevent",
    "--workers",
    "1",
    "--worker-connections",
    "2000",
    "--keep-alive",
    "2",
)
EVENT_ID = uuid.UUID(hex=row_id("event", events.VILLAGE))
TARGETS = (
    figure("kilobytes", 25, "≤ 25 kB a stream"),
    figure("p99", 250, "p99 of a broadcast ≤ 250 ms"),
    figure("times", 1.3, "pages' p50 ≤ 1.3 times"),
)


@row("500 open streams", *TARGETS, databases=("postgresql",))
def streams(bench: Bench) -> Result:
    """Let 500 people have the same event open, while others read pages and twenty signals are
    sent.
    """
    place = bench.large
    _read(place, 3)
    place.server.rest()
    alone = _read(place, bench.seconds / 2)
    constant = place.constant()
    _long_ago(place)
    with live(place) as (port, server):
        with listening(port, opened(place, port, place.drivers[:FEW], f"event:{EVENT_ID}")):
            before = _kilobytes(server)
        time.sleep(1.5)
        with listening(
            port, opened(place, port, place.drivers[:STREAMS], f"event:{EVENT_ID}")
        ) as listeners:
            kilobytes = (_kilobytes(server) - before) / (STREAMS - FEW)
            waits = sorted(
                wait for number in range(ROUNDS) for wait in _broadcast(place, listeners, number)
            )
            watch = Watch(place.server)
            found = _read(place, bench.seconds / 2)
            result = watch.result(found, constant)
            if listeners.open < STREAMS:
                raise Failed(f"{STREAMS - listeners.open} streams ended")
    p99 = waits[int(len(waits) * 0.99)] * 1000
    result.figures = {"kilobytes": kilobytes, "p99": p99, "times": found.p50 / alone.p50}
    result.note = (
        f"{kilobytes:.1f} kB each, broadcast p99 {p99:.0f} ms, pages' p50 "
        f"{found.p50 / alone.p50:.2f} times"
    )
    return result


@contextmanager
def live(place: Place) -> Iterator[tuple[int, Server]]:
    """Run a process for the site's streams; yield its port and server."""
    port = services.free_port()
    with serving(place.site, *LIVE, "--bind", f"127.0.0.1:{port}", port=port) as server:
        yield port, server


def opened(place: Place, port: int, people: list[Visitor], topic: str) -> list[bytes]:
    """Return the stream requests of these people's pages, all for the same topic."""
    asked = []
    for visitor in people:
        headers = place.headers(visitor) | {
            "Host": f"127.0.0.1:{port}",
            "Accept": "text/event-stream",
        }
        asked.append(load.get(f"/live?t={topic}", headers))
    return asked


def _broadcast(place: Place, listeners: Listeners, number: int) -> list[float]:
    """Send a signal; return the seconds until each stream received it. Raise Failed if one
    didn't.
    """
    name = f"event:{EVENT_ID}:round-{number}"
    started = time.perf_counter()
    place.site.app.extensions["live"].publish(name)
    return wait_for(listeners, name, started)


def wait_for(listeners: Listeners, name: str, started: float) -> list[float]:
    """Return the seconds from `started` until each stream received the next signal of this name.

    Raise Failed if one didn't within ten seconds.
    """
    while len(listeners.heard.get(name, ())) < len(listeners.requests):
        if time.perf_counter() > started + 10:
            raise Failed(
                f"{len(listeners.heard.get(name, ()))} of {len(listeners.requests)} streams heard "
                "a signal"
            )
        time.sleep(0.02)
    return [moment - started for moment in listeners.heard.pop(name)]


def _long_ago(place: Place) -> None:
    """Set everyone's last visit to an hour ago, so that each browser's next request would record
    it.
    """
    with place.site.app.app_context():
        db.session.execute(
            sa.update(SignIn).values(last_seen_at=datetime.now(UTC) - timedelta(hours=1))
        )
        db.session.commit()


def _kilobytes(server: Server) -> float:
    time.sleep(1)
    return server.megabytes()[0] * 1000


def _read(place: Place, seconds: float) -> load.Load:
    return load.read(place.site.address + EVENT, place.headers(None), max(1, seconds))
