"""A whole site in its own processes, with its own PostgreSQL, Redis and SMTP server, all of which a
test may break.
"""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask

from scripts import services
from tests import factories
from tests.browser.servers import SECRET, Site, answers
from tests.mail.postoffice import PostOffice
from tests.processes import children
from webapp import create_app
from webapp.core.db import site_flags
from webapp.core.db.engine import reading
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.mail import outbox
from webapp.mail.models import OutgoingEmail

from .asking import Client
from .crowd import Crowd
from .proxy import Proxy

#: The commands of the processes. `tests.faults.site` is the application without what a control
#: removes.
COMMANDS = {
    "web": ("gunicorn", "-c", "gunicorn.conf.py", "tests.faults.site:app"),
    "live": (
        *("gunicorn", "-c", "gunicorn.conf.py", "tests.faults.site:app", "--worker-class"),
        *("gevent", "--workers", "1", "--worker-connections", "200", "--max-requests", "0"),
    ),
    "worker": ("flask", "--app", "tests.faults.site", "worker"),
    "clock": ("flask", "--app", "tests.faults.site", "clock"),
}
#: A few people make the requests of many, and limits per minute aren't tested here.
PLENTY = {"LIMIT_READING": "1000000", "LIMIT_CHANGES": "1000000"}
DURABLE = {"synchronous_commit": "on"}


class Office(PostOffice):
    """A post office with an event `holding`, set while it holds an email: after the answer “slow”
    it accepts the email only once `speak` is called.
    """

    def __init__(self) -> None:
        super().__init__()
        self.holding = threading.Event()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Handle an email from aiosmtpd."""
        if self.data_answers and self.data_answers[0] == "slow":
            self.data_answers[0] = "pause"
            self.holding.set()
            return await super().handle_DATA(server, session, envelope)
        return await super().handle_DATA(server, session, envelope)


@dataclass
class FaultSite:
    """The running parts, and requests to them."""

    folder: Path
    site: Site
    app: Flask
    office: Office
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    redis_pid: int = 0
    redis_port: int = 0
    proxy: Any = None
    restarts: int = 0
    ahead: timedelta = timedelta()
    live_port: int = field(default_factory=services.free_port)

    @property
    def live_url(self) -> str:
        """Return where streams are open: the live process, or the web server if there is none."""
        has_its_own = "live" in self.running
        return f"http://127.0.0.1:{self.live_port}" if has_its_own else self.site.url

    def start(self, name: str, **environment: str) -> None:
        """Start the process `name` ("worker", or "worker 2") with these additional settings."""
        settings = self.site.settings
        if name == "live":
            environment |= {"PORT": str(self.live_port)}
        self.site.settings = settings | environment
        self.site.run(name.replace(" ", "-"), *COMMANDS[name.split()[0]])
        self.site.settings = settings
        self.running[name] = self.site.processes[-1]

    def kill(self, name: str) -> None:
        """Kill the process with SIGKILL, but not its children."""
        process = self.running.pop(name)
        process.kill()
        process.wait()
        self.site.processes.remove(process)

    def horses(self, name: str = "worker") -> list[int]:
        """Return the ids of a process's children."""
        return children(self.running[name].pid)

    def tend(self) -> None:
        """Restart processes that have ended, as a supervisor would, and count them in
        `restarts`.
        """
        for name, process in list(self.running.items()):
            if process.poll() is not None:
                self.site.processes.remove(process)
                self.restarts += 1
                self.start(name)

    def client(self, user: Any = None, **options: Any) -> Client:
        """Return a browser, signed in if a user is given."""
        return Client.of(self.site.url, self.app, user, **options)

    def crowd(self, event: Any, **options: Any) -> Crowd:
        """Return a member, a visitor and a guest who use the site, mainly this event."""
        return Crowd(self, event, **options)

    def start_redis(self) -> None:
        """Start an empty Redis, on the same port as before."""
        folder = self.folder / "redis"
        folder.mkdir(exist_ok=True)
        self.redis_pid, url = services.start_redis(folder, self.redis_port or None)
        self.redis_port = int(url.rsplit(":", 1)[1].split("/")[0])

    def stop_redis(self) -> None:
        """Stop Redis, which loses its data."""
        services.end(self.redis_pid, signal.SIGTERM)

    def turn_clock(self, ahead: timedelta) -> None:
        """Put the clock of the machine with all processes forward, or back, once. Those of
        PostgreSQL and Redis stay. Only with the setting CLOCK.
        """
        machine, self.ahead = Path(self.site.settings["CLOCK"]), ahead
        seconds, new = str(int(ahead.total_seconds())), machine.with_name("new")
        new.write_text(seconds)
        new.rename(machine)

        def have_it() -> bool:
            waiting = [it for it in machine.parent.glob("clock-*") if it.read_text() != seconds]
            return not any(Path(f"/proc/{it.name[6:]}").exists() for it in waiting)

        assert self.wait(have_it, 60) is not None

    def redis_cli(self, *words: str) -> str:
        """Return the output of redis-cli."""
        command = ["redis-cli", "-p", str(self.redis_port), *words]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def emails(self) -> list[tuple[Any, ...]]:
        """Return (id, address, state, attempts, created, ended, error) of every email."""
        columns = (
            OutgoingEmail.id,
            OutgoingEmail.address,
            OutgoingEmail.state,
            OutgoingEmail.attempts,
            OutgoingEmail.created_at,
            OutgoingEmail.ended_at,
        )
        rows = db.session.execute(sa.select(*columns, OutgoingEmail.last_error)).all()
        db.session.rollback()
        return [tuple(row) for row in rows]

    def states(self) -> dict[str, int]:
        """Return the number of emails in each state."""
        found = [row[2] for row in self.emails()]
        return {state: found.count(state) for state in sorted(set(found))}

    def post(self, number: int, who: str = "person", **ids: Any) -> None:
        """Add this many emails to the outbox, as requests do."""
        for place in range(number):
            outbox.enqueue_email("mail/test", to=f"{who}{place}@example.org", **ids)
        db.session.commit()

    def unhandled(self) -> str:
        """Return the unhandled errors in the web server's log."""
        lines = (self.folder / "web.log").read_text(errors="replace").splitlines()
        begins = [
            n
            for n, line in enumerate(lines)
            if "unhandled" in line or "Exception on" in line or "Error handling" in line
        ]
        return "\n".join("\n".join(lines[n : n + 120])[:12000] for n in begins[:2])

    def make_due(self) -> None:
        """Let the time until the next attempt pass for every email."""
        db.session.execute(
            sa.update(OutgoingEmail).values(due_at=sa.func.now() - sa.text("interval '1 second'"))
        )
        db.session.commit()

    def wait(self, true: Callable[[], bool], seconds: float) -> float | None:
        """Return the seconds until the condition became true, restarting processes meanwhile; None
        if it didn't.
        """
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            self.tend()
            if true():
                return time.monotonic() - began
            time.sleep(0.1)
        return None

    def all_sent(self) -> bool:
        """Whether every email has been sent or dropped."""
        return set(self.states()) <= {"sent", "dropped"}

    def work(self, seconds: float = 180) -> tuple[float | None, float | None]:
        """Return the seconds until a beat of the clock was recorded by a worker, and until every
        email, a new one too, was sent; None for what took longer.
        """
        since = clock.now() + self.ahead

        def has_beaten() -> bool:
            db.session.rollback()
            flag = site_flags.get(site_flags.HEARTBEAT)
            return flag is not None and flag.at > since

        beat = self.wait(has_beaten, seconds)
        self.post(1, who=f"asked{time.monotonic_ns()}-")
        return beat, self.wait(self.all_sent, seconds)


def end(pids: list[int]) -> None:
    """Kill those of these processes with SIGKILL that haven't ended."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@contextmanager
def fault_site(
    folder: Path,
    *names: str,
    without: str = "",
    redis: bool = True,
    hole: bool = False,
    database_url: str = "",
    postgresql: dict[str, str] | None = None,
    **settings: str,
) -> Iterator[FaultSite]:
    """Run a site with the processes `names`, by default all, on PostgreSQL unless a URL is given.

    `hole`: Redis is reached through a proxy that can turn into a black hole.
    """
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o711)
    with ExitStack() as stack:
        office = stack.enter_context(Office())
        port = services.free_port()
        site = Site(f"http://127.0.0.1:{port}", None, folder, {})  # type: ignore[arg-type]
        here = FaultSite(folder, site, None, office)  # type: ignore[arg-type]
        environment = {
            "ENVIRONMENT": "production",
            "PORT": str(port),
            "SITE_URL": site.url,
            "SECRET_KEY": SECRET,
            "INSTANCE": str(folder / "instance"),
            "MAIL_SERVER": "127.0.0.1",
            "MAIL_PORT": str(office.port),
            "MAIL_USE_TLS": "no",
            **PLENTY,
            "UNLIMITED": "texts and emails",
            "DATABASE_URL": database_url or _postgresql(stack, folder, postgresql or {}),
        }
        if redis:
            here.start_redis()
            stack.callback(lambda: services.end(here.redis_pid, signal.SIGTERM))
            if hole:
                here.proxy = Proxy(here.redis_port)
                stack.callback(here.proxy.close)
            environment |= {
                "REDIS_URL": f"redis://127.0.0.1:{here.proxy.port if hole else here.redis_port}/0"
            }
            environment |= {"WEB_CONCURRENCY": "2"}
        site.settings = environment | {"REDIS_URL": environment.get("REDIS_URL", "")} | settings
        site.flask("db", "upgrade")
        site.settings |= {"WITHOUT": without}
        here.app = stack.enter_context(_application(site.settings))
        stack.callback(site.stop)
        for name in names or tuple(COMMANDS):
            here.start(name)
        for url in {site.url, here.live_url} if "web" in here.running else ():
            assert here.wait(lambda url=url: answers(f"{url}/health/ready"), 240) is not None, (
                site.logs()
            )
        yield here


def _postgresql(stack: ExitStack, folder: Path, settings: dict[str, str]) -> str:
    (folder / "postgresql").mkdir()
    pid, url = services.start_postgresql(folder / "postgresql", **DURABLE | settings)
    stack.callback(lambda: services.end(pid, signal.SIGINT))
    return url


@contextmanager
def _application(settings: dict[str, str]) -> Iterator[Flask]:
    """Yield an application on the site's database, with which the test creates people and
    events.
    """
    words = {
        "MAIL_PORT": int(settings["MAIL_PORT"]),
        "MAIL_USE_TLS": False,
        "PORT": int(settings["PORT"]),
    }
    words |= {name: int(number) for name, number in PLENTY.items()}
    app = create_app(
        **{
            name: value
            for name, value in settings.items()
            if name not in ("WITHOUT", "UNLIMITED", *words)
        }
        | words
    )
    token = reading.set(False)
    with app.app_context():
        factories.forget()
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()
            reading.reset(token)
