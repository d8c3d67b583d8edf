"""The processes beside the web server where there is Redis: `flask worker` and `flask clock`."""

import signal
import threading
import time
from contextlib import suppress
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from redis import RedisError
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import configure_mappers

from ..extensions import db
from . import queue
from .redis_queue import RedisQueue


def init_app(app: Flask) -> None:
    """`flask worker` and `flask clock` exist."""
    app.cli.add_command(worker)
    app.cli.add_command(clock)


@click.command()
@with_appcontext
def worker() -> None:
    """Run jobs until stopped. If Redis stops responding, end with an error, so that
    the process manager starts another.
    """
    found = _redis_queue()
    _warm_up(current_app._get_current_object())  # type: ignore[attr-defined]
    worker = found.worker()
    with suppress(RedisError):  # it fell silent amid a question
        worker.work(logging_level="WARNING")
    if not worker.was_asked_to_stop:
        raise click.ClickException(
            "The worker stopped because Redis isn't responding properly. Start it again."
        )


def _warm_up(app: Flask) -> None:
    """What every job would do again in its own child is done once, before the fork."""
    configure_mappers()
    with suppress(OperationalError), db.engine.connect():
        pass  # SQLAlchemy has now asked the database who it is
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
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    stopping = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stopping.set())
    last: dict[str, int] = {}
    while not stopping.is_set():
        queue.tick(app, last)
        stopping.wait(1 - time.time() % 1)


def _redis_queue() -> RedisQueue:
    found: Any = current_app.extensions["queue"]
    if not isinstance(found, RedisQueue):
        raise click.ClickException("REDIS_URL is not set, so the web server does this work itself.")
    return found
