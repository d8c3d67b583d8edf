"""The housekeeping thread of a site with a single process: it runs jobs and schedules.

`gunicorn.conf.py` starts it, never `create_app`: commands and tests have none.
"""

import atexit
import threading

import structlog
from flask import Flask

from . import queue

log = structlog.get_logger(__name__)


class Housekeeping(threading.Thread):
    """Runs jobs until `stop`. A job that fails stops no other."""

    def __init__(self, app: Flask) -> None:
        super().__init__(name="housekeeping", daemon=True)
        self.app = app
        self._stopping = threading.Event()

    def run(self) -> None:
        """Run jobs as they arrive, and schedules when they are due."""
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
        """Finish the current job, then end the thread.

        The sweeps find the jobs that were waiting.
        """
        waiting = self.app.extensions["queue"]
        self._stopping.set()
        waiting.clear()
        waiting.bell.set()
        self.join(timeout=20)


def start(app: Flask) -> Housekeeping:
    """Start this process's housekeeping thread, unless it runs."""
    running: Housekeeping | None = app.extensions.get("housekeeping")
    if running is None or not running.is_alive():
        running = app.extensions["housekeeping"] = Housekeeping(app)
        running.start()
        atexit.register(running.stop)
    return running
