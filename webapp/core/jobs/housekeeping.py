"""The thread of a site that is one process: it runs the waiting jobs and keeps the clock.

The server starts it (`gunicorn.conf.py`), never `create_app`: commands and tests have none.
"""

import atexit
import threading

import structlog
from flask import Flask

from . import queue

log = structlog.get_logger(__name__)


class Housekeeping(threading.Thread):
    """Runs until `stop`; whatever a job does, the next one runs."""

    def __init__(self, app: Flask) -> None:
        super().__init__(name="housekeeping", daemon=True)
        self.app = app
        self._stopping = threading.Event()

    def run(self) -> None:
        """Jobs run as they come, schedules as their second comes."""
        waiting = self.app.extensions["queue"]
        bell = waiting.bell
        last: dict[str, int] = {}
        while not self._stopping.is_set():
            bell.clear()
            try:
                queue.tick(self.app, last)
                queue.drain(self.app)
            except Exception:
                log.exception("housekeeping_failed")
            bell.wait(1)

    def stop(self) -> None:
        """The job that runs is the last one; returns when it has ended.

        The sweeps find what else was waiting.
        """
        waiting = self.app.extensions["queue"]
        self._stopping.set()
        waiting.clear()
        waiting.bell.set()
        self.join(timeout=20)


def start(app: Flask) -> Housekeeping:
    """The one housekeeping thread of this process runs."""
    running: Housekeeping | None = app.extensions.get("housekeeping")
    if running is None or not running.is_alive():
        running = app.extensions["housekeeping"] = Housekeeping(app)
        running.start()
        atexit.register(running.stop)
    return running
