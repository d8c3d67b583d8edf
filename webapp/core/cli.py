"""The processes beside the web server where there is Redis: `flask worker` and `flask clock`."""

import signal
import threading
import time
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from . import queue
from .redis_queue import RedisQueue


def init_app(app: Flask) -> None:
    """`flask worker` and `flask clock` exist."""
    app.cli.add_command(worker)
    app.cli.add_command(clock)


@click.command()
@with_appcontext
def worker() -> None:
    """Run the queue's jobs until stopped."""
    _redis_queue().worker().work(logging_level="WARNING")


@click.command()
@with_appcontext
def clock() -> None:
    """Ask for the scheduled jobs, each at its time; a second clock does no harm."""
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
        raise click.ClickException("REDIS_URL is not set: the web server does this work itself.")
    return found
