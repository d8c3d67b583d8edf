"""The worker and clock processes of a site."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import redis

from webapp.core.extensions import db
from webapp.core.jobs.fan_out import FanOut
from webapp.core.time import clock
from webapp.mail.models import DROPPED, QUEUED, SENDING, OutgoingEmail

from . import processes
from .load import Failed
from .servers import ROOT
from .sites import Site, python

#: Seconds within which a worker and a clock must have started and finished their first jobs, even
#: on a busy machine.
SETTLED = 60


class Staff:
    """Starts and stops the site's worker and clock, as a process manager does."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str) -> None:
        """Start `flask worker` or `flask clock`; the name may have options."""
        log = (self.site.folder / f"log-{name.partition(' ')[0]}").open("ab")
        self.running[name] = subprocess.Popen(
            python("flask", "--app", "wsgi", *name.split()),
            cwd=ROOT,
            env=os.environ | self.site.settings,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )

    def kill(self, name: str) -> None:
        """Kill the process with all its children, and start another."""
        process = self.running[name]
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self.start(name)

    def end(self) -> None:
        """Stop all processes."""
        for process in self.running.values():
            processes.end(process)


@contextmanager
def staffed(site: Site, *names: str) -> Iterator[Staff]:
    """Run these processes for the duration of the block; by default a worker and a clock."""
    staff = Staff(site)
    try:
        for name in names or ("worker", "clock"):
            staff.start(name)
        yield staff
    finally:
        staff.end()


def drop_backlog(site: Site) -> None:
    """Drop jobs, emails and fan-outs of earlier rows, so that a worker that starts now is idle."""
    with site.app.app_context():
        unsent = OutgoingEmail.state.in_((QUEUED, SENDING))
        db.session.query(OutgoingEmail).where(unsent).update({"state": DROPPED, "lease": None})
        running = FanOut.ended_at.is_(None)
        db.session.query(FanOut).where(running).update({"ended_at": clock.now()})
        db.session.commit()
    if site.settings["REDIS_URL"]:
        with redis.Redis.from_url(site.settings["REDIS_URL"]) as connection:
            connection.flushdb()


def wait_until_done(site: Site) -> None:
    """Wait until the worker and the clock have started and are idle.

    Raise Failed if that takes more than SETTLED seconds.
    """
    if not processes.eventually(lambda: _is_at_work(site) and not has_backlog(site), SETTLED):
        raise Failed(f"after {SETTLED} seconds the worker and the clock are not done")


def _is_at_work(site: Site) -> bool:
    queue = site.app.extensions["queue"]
    with site.app.app_context():
        return queue.since_tick() is not None and bool(queue.state({}).heartbeats)


def has_backlog(site: Site) -> bool:
    """Whether emails or jobs are waiting or in progress."""
    waiting = "SELECT count(*) FROM outgoing_email WHERE state IN ('queued', 'sending')"
    if site.ask(waiting):
        return True
    with site.app.app_context():
        queue = site.app.extensions["queue"].state({})
        return bool(queue.jobs or queue.working)
