"""500 open streams on the process that is there for them: their memory, how soon they hear, and
whether pages suffer.
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
#: So many are open when the memory is first looked at: what the first ones cost the process costs
#: it once.
FEW = 100
ROUNDS = 20
#: The `live` line of the Procfile.
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
    """500 people look at the same event, while others read pages and twenty things happen."""
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
    """The port and the server of a process that holds the place's streams."""
    port = services.free_port()
    with serving(place.site, *LIVE, "--bind", f"127.0.0.1:{port}", port=port) as server:
        yield port, server


def opened(place: Place, port: int, people: list[Visitor], topic: str) -> list[bytes]:
    """What the pages of these people ask for, who all listen to the topic."""
    asked = []
    for visitor in people:
        headers = place.headers(visitor) | {
            "Host": f"127.0.0.1:{port}",
            "Accept": "text/event-stream",
        }
        asked.append(load.get(f"/live?t={topic}", headers))
    return asked


def _broadcast(place: Place, listeners: Listeners, number: int) -> list[float]:
    """How many seconds after the signal each stream heard it. Raises Failed when one did not."""
    name = f"event:{EVENT_ID}:round-{number}"
    started = time.perf_counter()
    place.site.app.extensions["live"].publish(name)
    return wait_for(listeners, name, started)


def wait_for(listeners: Listeners, name: str, started: float) -> list[float]:
    """How many seconds after `started` each stream heard the signal, the next of its name.

    Raises Failed when one did not.
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
    """Nobody has been seen for an hour: every browser's next request is one that would be
    written down.
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
