"""gunicorn serving a site as in production, and what its log says about requests."""

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import mean
from urllib.error import URLError
from urllib.request import urlopen

from . import processes
from .sites import Site, python

ROOT = Path(__file__).parent.parent
#: Seconds within which a server must respond, even on a busy machine.
START = 120


class Server:
    """A running gunicorn. Its log is the application's, with one line of JSON per request."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        log: Path,
        is_busy: Callable[[], bool],
        postmaster: int,
    ) -> None:
        self.process = process
        self.log = log
        self.is_busy = is_busy
        self.postmaster = postmaster

    def workers(self) -> list[int]:
        """Return the process ids of the web workers."""
        return processes.children(self.process.pid)

    def seconds_used(self) -> float:
        """Return the seconds of processor time of all workers so far, including those since
        replaced.
        """
        return processes.seconds_used(self.workers()) + processes.seconds_left(self.process.pid)

    def database_seconds_used(self) -> float | None:
        """Return the seconds of processor time of all PostgreSQL processes so far; None on
        SQLite.
        """
        return processes.seconds_of_family(self.postmaster) if self.postmaster else None

    def megabytes(self) -> tuple[float, float]:
        """Return (RSS, PSS) of the largest worker in megabytes."""
        return max(map(processes.megabytes, self.workers()))

    def rest(self, patience: float = 30) -> None:
        """Wait until neither the workers nor the database are busy, at most `patience` seconds.

        They may still be working on requests that the load has given up on.
        """
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            before = processes.seconds_used(self.workers())
            time.sleep(0.1)
            if processes.seconds_used(self.workers()) - before < 0.02 and not self.is_busy():
                return

    def position(self) -> int:
        """Return the current length of the log in bytes."""
        return self.log.stat().st_size

    def statements_since(self, position: int, route: str = "") -> float | None:
        """Return the mean number of SQL statements per request logged since then.

        None without any. With `route`, only its requests count.
        """
        counts = [
            line["statements"]
            for line in self.requests_since(position)
            if route in ("", line["route"])
        ]
        return mean(counts) if counts else None

    def count_since(self, position: int) -> int:
        """Return the number of requests logged since then."""
        with self.log.open("rb") as log:
            log.seek(position)
            return log.read().count(b'"event": "request"')

    def requests_since(self, position: int, most: int = 4_000_000) -> Iterator[dict]:
        """Yield the log's lines about requests since then, at most the last `most` bytes of them.

        Lines that aren't valid JSON are skipped, because threads may have interleaved them.
        """
        with self.log.open("rb") as log:
            log.seek(max(position, self.position() - most))
            for line in log:
                with suppress(ValueError):
                    entry = json.loads(line)
                    if entry.get("event") == "request":
                        yield entry


@contextmanager
def serving(
    site: Site, *options: str, port: int = 0, root: Path = ROOT, **settings: str
) -> Iterator[Server]:
    """Serve the site for the duration of the block, at its address or at another port, with the
    code in `root` and further settings.
    """
    command = python("gunicorn", "-c", "gunicorn.conf.py", *options, "bench.wsgi:app")
    log = site.folder / f"log-{port or site.port}"
    environment = os.environ | site.settings | settings
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=root, env=environment, stdout=output, stderr=output, start_new_session=True
        )
    try:
        if not processes.eventually(
            lambda: (
                process.poll() is not None
                or answers(f"http://127.0.0.1:{port or site.port}/health/ready")
            ),
            START,
        ):
            raise RuntimeError("the server does not answer")
        if process.poll() is not None:
            raise RuntimeError(f"the server did not start:\n{log.read_text()[-2000:]}")
        yield Server(process, log, site.is_busy, site.postmaster)
    finally:
        processes.end(process, patience=40)


def answers(url: str) -> bool:
    """Whether the URL responds with 200."""
    try:
        with urlopen(url, timeout=5) as answer:
            return answer.status == 200
    except (URLError, OSError):
        return False
