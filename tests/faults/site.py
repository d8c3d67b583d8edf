"""The application for gunicorn, `flask worker` and `flask clock`, with changes for a test.

They come from the environment. `WITHOUT` names protections that are removed for a control; other
variables change times, or add an email that kills its process. Everything else is the unchanged
application.
"""

import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import time_machine
from redis import Redis
from sqlalchemy.exc import InterfaceError, OperationalError, TimeoutError as PoolTimeout

from webapp import create_app
from webapp.core import redis_client
from webapp.core.db import database_clock, migrations
from webapp.core.extensions import db
from webapp.core.http import limits
from webapp.core.http.limits import counters
from webapp.core.jobs import queue, redis_queue
from webapp.core.live import redis_hub
from webapp.core.time import clock
from webapp.mail import emails, leases

WITHOUT = set(filter(None, os.environ.get("WITHOUT", "").split(",")))
TOGETHER = 6  # the number of threads that a control's barrier waits for


def die(**ids: Any) -> dict[str, Any]:
    """Kill the process that writes a poisonous email; return an empty context for others."""
    if "poison" in ids:
        os._exit(13)
    return {}


emails.EMAIL_CONTEXTS["mail/test"] = die
queue.JOBS["faults.poison"] = lambda: os._exit(13)

if os.environ.get("UNLIMITED"):
    plenty = (
        limits.EMAILS,
        limits.ADDRESS_EMAILS,
        limits.MESSAGES,
        limits.LINK_MESSAGES,
        limits.ADDRESS_LINK_MESSAGES,
    )
    for limit in plenty:
        object.__setattr__(limit, "most", 10**6)

if os.environ.get("SWEEP"):
    for name in ("mail.sweep", "ops.heartbeat"):
        queue.SCHEDULES[name] = int(os.environ["SWEEP"])


def follow(machine: Path) -> None:
    """Let this process have the clock of its machine once a file says how many seconds it is
    ahead, and note that in another file.
    """
    noted = machine.with_name(f"{machine.name}-{os.getpid()}")
    noted.touch()
    while not machine.exists():
        time.sleep(0.1)
    if not time_machine.escape_hatch.is_travelling():  # as in a child of one that has the clock
        ahead = timedelta(seconds=int(machine.read_text()))
        time_machine.travel(clock.now() + ahead, tick=True).start()
    noted.write_text(machine.read_text())


if os.environ.get("CLOCK"):
    following = partial(threading.Thread, None, follow, None, (Path(os.environ["CLOCK"]),))
    following(daemon=True).start()
    os.register_at_fork(after_in_child=lambda: following(daemon=True).start())

if os.environ.get("AHEAD"):
    time_machine.travel(
        clock.now() + timedelta(seconds=int(os.environ["AHEAD"])), tick=True
    ).start()

if "sweep" in WITHOUT:
    queue.SCHEDULES["mail.sweep"] = 10**9

if "attempts" in WITHOUT:
    leases.MOST_ATTEMPTS = 10**6

if "retries" in WITHOUT:
    leases.postpone = lambda held, error: leases.mark_sent(held)

if "dead-list" in WITHOUT:
    leases.mark_dead = lambda held, error: leases.mark_dropped(held)

if "database-clock" in WITHOUT:
    database_clock.now = clock.now

if "patience" in WITHOUT:
    for module in (counters, redis_queue, redis_hub):
        module.patient = Redis.from_url  # type: ignore[attr-defined]
    redis_client.CircuitBreaker.PAUSE = 0.0

if "fallback" in WITHOUT:

    class Nothing(counters.MemoryCounters):
        """Count nothing, for a control without limits while Redis is down."""

        def take(self, *args: Any) -> counters.Taken:
            """Always report free capacity."""
            return super().take(*args)._replace(entry="one more")

    counters.MemoryCounters = Nothing  # type: ignore[misc]

if "lock-timeout" in WITHOUT:
    migrations.PATIENCE = "600s"


def together(act: Callable[..., Any]) -> Callable[..., Any]:
    """After `act`, end its transaction and wait for the others: the worst moment, every time."""
    barrier = threading.Barrier(TOGETHER)

    def acted(*args: Any, **more: Any) -> Any:
        found = act(*args, **more)
        db.session.commit()
        with suppress(threading.BrokenBarrierError):
            barrier.wait(1)
        if barrier.broken:
            barrier.reset()
        return found

    return acted


if "seat-lock" in WITHOUT:
    from webapp.attendance import waitlist as seats

    seats.has_room = together(seats.has_room)

if "ballot-lock" in WITHOUT:
    from webapp.voting import reads as votes

    votes.ballot_of = together(votes.ballot_of)

if "owner-lock" in WITHOUT:
    from webapp.groups import memberships

    memberships._keep_an_owner = together(memberships._keep_an_owner)

if os.environ.get("SLICE"):
    from webapp.core.jobs import fan_out

    fan_out.BATCH_SIZE = int(os.environ["SLICE"])
    step = fan_out.step

    def _slow_notices(fan_out_id: Any) -> bool:
        time.sleep(float(os.environ["SLICE_TAKES"]))
        return step(fan_out_id)

    fan_out.step = _slow_notices

if "news-sweep" in WITHOUT:
    queue.SCHEDULES["fan_out.sweep"] = 10**9

app = create_app()

if "errors" in WITHOUT:
    for handlers in app.error_handler_spec[None].values():
        for kind in (OperationalError, InterfaceError, PoolTimeout):
            handlers.pop(kind, None)

if "look" in WITHOUT:
    from webapp.core.db.postgresql import PlanKeepingConnection

    PlanKeepingConnection.is_lost = lambda connection: False  # type: ignore[method-assign]

if "timeouts" in WITHOUT:
    with app.app_context():
        db.engine.pool._timeout = 30  # type: ignore[attr-defined]

        @sa.event.listens_for(db.engine, "connect")
        def _forever(connection: Any, record: Any) -> None:
            connection.execute("SET lock_timeout = 0")
            connection.commit()


if os.environ.get("SLOW"):

    @app.before_request
    def _slowly() -> None:
        time.sleep(float(os.environ["SLOW"]))
