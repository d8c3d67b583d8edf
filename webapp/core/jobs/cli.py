"""The processes beside the web server if there is Redis: `flask worker` and `flask clock`."""

import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from redis import RedisError
from rq import Worker
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import configure_mappers

from ..extensions import db
from . import queue
from .redis_queue import RedisQueue
from .worker import ResidentWorker


def init_app(app: Flask) -> None:
    """Add `flask worker` and `flask clock`."""
    app.cli.add_command(worker)
    app.cli.add_command(clock)


@click.command()
@click.option("--clock", "has_clock", is_flag=True, help="Be the clock, too, on a small machine.")
@with_appcontext
def worker(has_clock: bool) -> None:
    """Run jobs until stopped. If Redis stops responding, end with an error, so that the process
    manager starts another.
    """
    found = _redis_queue()
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    _warm_up(app)
    worker = found.worker()
    lost_clock = _fork_clock(app, worker) if has_clock else threading.Event()
    with suppress(RedisError):  # it stopped answering in the middle of a call
        worker.work(logging_level="WARNING")
    if lost_clock.is_set():
        raise click.ClickException("The worker stopped because its clock did. Start it again.")
    if not worker.was_asked_to_stop:
        raise click.ClickException(
            "The worker stopped because Redis isn't responding properly. Start it again."
        )


def _fork_clock(app: Flask, worker: ResidentWorker) -> threading.Event:
    """Run the clock in a child process, which shares the worker's memory and ends with it.

    If the clock dies the worker stops after the current job. Return the event that is set then.
    """
    parent, pid, lost = os.getpid(), os.fork(), threading.Event()
    if pid == 0:
        try:
            _keep_time(app, lambda: os.getppid() == parent)
        finally:
            os._exit(1)

    def has_ended(signum: int, frame: Any) -> None:
        with suppress(ChildProcessError):  # child processes that run jobs inherit this handler
            if os.waitpid(pid, os.WNOHANG)[0] and not worker.was_asked_to_stop:
                lost.set()
                Worker.request_stop(worker, signum, frame)

    signal.signal(signal.SIGCHLD, has_ended)
    return lost


def _warm_up(app: Flask) -> None:
    """Do once, before forking, what every job would otherwise do in its own child."""
    configure_mappers()
    with suppress(OperationalError), db.engine.connect():
        pass  # SQLAlchemy has now read the database's version and settings
    db.engine.dispose()
    for name in app.jinja_env.list_templates(
        filter_func=lambda name: "mail" in name or name.startswith("macros/")
    ):
        app.jinja_env.get_template(name)


@click.command()
@with_appcontext
def clock() -> None:
    """Start the scheduled jobs, each at its time. A second clock does no harm."""
    _redis_queue()
    _keep_time(current_app._get_current_object())  # type: ignore[attr-defined]


def _keep_time(app: Flask, is_needed: Callable[[], bool] = lambda: True) -> None:
    stopping = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stopping.set())
    last: dict[str, int] = {}
    while not stopping.is_set() and is_needed():
        queue.tick(app, last)
        stopping.wait(1 - time.time() % 1)


def _redis_queue() -> RedisQueue:
    found: Any = current_app.extensions["queue"]
    if not isinstance(found, RedisQueue):
        raise click.ClickException("REDIS_URL is not set, so the web server does this work itself.")
    return found
