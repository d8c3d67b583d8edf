"""gunicorn as in production, in front of a site; and what it says of its work."""

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
#: Seconds within which a server answers at all, also on a machine that others keep busy.
START = 120


class Server:
    """A running gunicorn; its log is the application's, one line a request."""

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
        """The processes that answer."""
        return processes.children(self.process.pid)

    def seconds_used(self) -> float:
        """Seconds of processor that the workers have used so far, those included that others
        have replaced.
        """
        return processes.seconds_used(self.workers()) + processes.seconds_left(self.process.pid)

    def database_seconds_used(self) -> float | None:
        """Seconds of processor that all of PostgreSQL has used so far; None without one."""
        return processes.seconds_of_family(self.postmaster) if self.postmaster else None

    def megabytes(self) -> tuple[float, float]:
        """(RSS, PSS) of the largest worker."""
        return max(map(processes.megabytes, self.workers()))

    def rest(self, patience: float = 30) -> None:
        """What was asked for and given up has been done with: the workers have nothing to do,
        nor has the database for them.
        """
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            before = processes.seconds_used(self.workers())
            time.sleep(0.1)
            if processes.seconds_used(self.workers()) - before < 0.02 and not self.is_busy():
                return

    def position(self) -> int:
        """Where the log ends now."""
        return self.log.stat().st_size

    def statements_since(self, position: int, route: str = "") -> float | None:
        """SQL statements a request, of the requests that the log tells since then; None when it
        tells of none.
        """
        counts = [
            line["statements"]
            for line in self.requests_since(position)
            if route in ("", line["route"])
        ]
        return mean(counts) if counts else None

    def count_since(self, position: int) -> int:
        """How many requests the log tells of since then."""
        with self.log.open("rb") as log:
            log.seek(position)
            return log.read().count(b'"event": "request"')

    def requests_since(self, position: int, most: int = 4_000_000) -> Iterator[dict]:
        """The log's lines about requests since then, the last ones of a long log; threads may
        have written into each other's.
        """
        with self.log.open("rb") as log:
            log.seek(max(position, self.position() - most))
            for line in log:
                with suppress(ValueError):
                    said = json.loads(line)
                    if said.get("event") == "request":
                        yield said


@contextmanager
def serving(site: Site, *options: str, port: int = 0) -> Iterator[Server]:
    """The site is served at its address, or with these options at another port of this machine,
    and afterwards no longer.
    """
    command = python("gunicorn", "-c", "gunicorn.conf.py", *options, "bench.wsgi:app")
    log = site.folder / f"log-{len(options)}"
    environment = os.environ | site.settings
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=output, stderr=output, start_new_session=True
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
    """Whether someone answers there, and is well."""
    try:
        with urlopen(url, timeout=5) as answer:
            return answer.status == 200
    except (URLError, OSError):
        return False
