"""A whole site in processes of its own, with its own PostgreSQL, Redis and SMTP server, all of
which a test may ruin.
"""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
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
from webapp.core.db.session import reading
from webapp.core.extensions import db
from webapp.mail import outbox
from webapp.mail.models import OutgoingEmail

from .asking import Client
from .crowd import Crowd
from .proxy import Proxy

#: How the processes are started; `tests.faults.site` is the application, less what a control takes
#: away.
COMMANDS = {
    "web": ("gunicorn", "-c", "gunicorn.conf.py", "tests.faults.site:app"),
    "worker": ("flask", "--app", "tests.faults.site", "worker"),
    "clock": ("flask", "--app", "tests.faults.site", "clock"),
}
#: A few people make a load of many: what one may do in a minute is not what is tried here.
PLENTY = {"LIMIT_READING": "1000000", "LIMIT_CHANGES": "1000000"}
DURABLE = {"synchronous_commit": "on"}


class Office(PostOffice):
    """A post office that says when it is `holding` an email: that of the answer “slow”, which it
    takes after `speak`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.holding = threading.Event()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """aiosmtpd hands over an email."""
        if self.data_answers and self.data_answers[0] == "slow":
            self.data_answers[0] = "pause"
            self.holding.set()
            return await super().handle_DATA(server, session, envelope)
        return await super().handle_DATA(server, session, envelope)


@dataclass
class Town:
    """What runs, and how to ask it."""

    folder: Path
    site: Site
    app: Flask
    office: Office
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    redis_pid: int = 0
    redis_port: int = 0
    proxy: Any = None
    restarts: int = 0

    def start(self, name: str, **environment: str) -> None:
        """The process `name` (“worker”, or “worker 2”) runs, with these settings besides."""
        settings = self.site.settings
        self.site.settings = settings | environment
        self.site.run(name.replace(" ", "-"), *COMMANDS[name.split()[0]])
        self.site.settings = settings
        self.running[name] = self.site.processes[-1]

    def kill(self, name: str) -> None:
        """The process has been killed with -9, and none of its children."""
        process = self.running.pop(name)
        process.kill()
        process.wait()
        self.site.processes.remove(process)

    def horses(self, name: str = "worker") -> list[int]:
        """The children of a process."""
        return children(self.running[name].pid)

    def tend(self) -> None:
        """Whoever has died is started again, as a supervisor would; `restarts` counts."""
        for name, process in list(self.running.items()):
            if process.poll() is not None:
                self.site.processes.remove(process)
                self.restarts += 1
                self.start(name)

    def client(self, user: Any = None, **options: Any) -> Client:
        """A browser; signed in when a user is given."""
        return Client.of(self.site.url, self.app, user, **options)

    def crowd(self, event: Any, **options: Any) -> Crowd:
        """A member, a visitor and a guest who use the site, above all this event."""
        return Crowd(self, event, **options)

    def start_redis(self) -> None:
        """Redis runs, empty, where it ran before."""
        folder = self.folder / "redis"
        folder.mkdir(exist_ok=True)
        self.redis_pid, url = services.start_redis(folder, self.redis_port or None)
        self.redis_port = int(url.rsplit(":", 1)[1].split("/")[0])

    def stop_redis(self) -> None:
        """Redis has gone, with all that it knew."""
        services.end(self.redis_pid, signal.SIGTERM)

    def redis_cli(self, *words: str) -> str:
        """What Redis answers."""
        command = ["redis-cli", "-p", str(self.redis_port), *words]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def emails(self) -> list[tuple[Any, ...]]:
        """(id, address, state, attempts, created, ended, error) of every email now."""
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
        """How many emails are in which state."""
        found = [row[2] for row in self.emails()]
        return {state: found.count(state) for state in sorted(set(found))}

    def post(self, number: int, who: str = "person", **ids: Any) -> None:
        """So many emails are in the outbox, as a request leaves them."""
        for place in range(number):
            outbox.enqueue_email("mail/test", to=f"{who}{place}@example.org", **ids)
        db.session.commit()

    def unhandled(self) -> str:
        """What the web server's log says about errors that nobody foresaw."""
        lines = (self.folder / "web.log").read_text(errors="replace").splitlines()
        begins = [
            n
            for n, line in enumerate(lines)
            if "unhandled" in line or "Exception on" in line or "Error handling" in line
        ]
        return "\n".join("\n".join(lines[n : n + 120])[:12000] for n in begins[:2])

    def make_due(self) -> None:
        """The time until the next attempt has gone by for every email."""
        db.session.execute(
            sa.update(OutgoingEmail).values(due_at=sa.func.now() - sa.text("interval '1 second'"))
        )
        db.session.commit()

    def wait(self, true: Callable[[], bool], seconds: float) -> float | None:
        """After how many seconds it became true, while a supervisor manages the processes;
        None when it did not.
        """
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            self.tend()
            if true():
                return time.monotonic() - began
            time.sleep(0.1)
        return None

    def all_sent(self) -> bool:
        """Whether every email has gone out or was pointless."""
        return set(self.states()) <= {"sent", "dropped"}


def end(pids: list[int]) -> None:
    """These processes have been killed with -9, those that did not end before."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@contextmanager
def town(
    folder: Path,
    *names: str,
    without: str = "",
    redis: bool = True,
    hole: bool = False,
    database_url: str = "",
    postgresql: dict[str, str] | None = None,
    **settings: str,
) -> Iterator[Town]:
    """A site whose processes `names` run, by default web, worker and clock; on PostgreSQL unless an
    address is given.

    `hole`: Redis is reached through a proxy that can swallow everything.
    """
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o711)
    with ExitStack() as stack:
        office = stack.enter_context(Office())
        port = services.free_port()
        site = Site(f"http://127.0.0.1:{port}", None, folder, {})  # type: ignore[arg-type]
        here = Town(folder, site, None, office)  # type: ignore[arg-type]
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
        for name in names or ("web", "worker", "clock"):
            here.start(name)
        if "web" in here.running:
            assert here.wait(lambda: answers(f"{site.url}/health/ready"), 120) is not None, (
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
    """The test's own view of the site's database, in which it makes people and events."""
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
