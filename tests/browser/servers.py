"""Sites in processes of their own: alone on SQLite, complete on PostgreSQL and Redis, or behind
https.
"""

import os
import shutil
import signal
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from scripts.services import free_port
from tests import databases, migrated
from tests.processes import ROOT, kill

from .mailboxes import Folder, Mailbox, SmtpServer

BIN = Path(sys.executable).parent
#: The command that serves a site's pages.
WEB = ("gunicorn", "-c", "gunicorn.conf.py", "tests.served:app")
PATIENCE = 120  # seconds until a site must be ready
SECRET = "only for tests: 6f1a0c9d84b7e253"
#: Environment variables that must not come from the machine. The last one would make every process
#: compile all code again.
OURS = (
    "DATABASE_URL",
    "REDIS_URL",
    "MAIL_",
    "SITE_",
    "SECRET_KEY",
    "ENVIRONMENT",
    "INSTANCE",
    "PORT",
    "UPGRADE_",
    "RELOAD",
)
OURS += ("PYTHONDONTWRITEBYTECODE",)


@dataclass
class Site:
    """A running site: its URL, its mailbox, and its settings."""

    url: str
    mailbox: Mailbox
    folder: Path
    settings: dict[str, str]
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def run(self, name: str, *command: str) -> None:
        """Start the command until the site is stopped, with its output in `<name>.log`."""
        with (self.folder / f"{name}.log").open("ab") as log:
            options = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": log}
            self.processes.append(
                subprocess.Popen(self._words(command), cwd=ROOT, env=self._environment(), **options)
            )  # type: ignore[call-overload]

    def flask(self, *words: str) -> str:
        """Run a `flask` command, which must succeed; return its output."""
        command = self._words(("flask", *words))
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=self._environment(),
            capture_output=True,
            text=True,
            timeout=PATIENCE * 3,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def wait_until_ready(self) -> None:
        """Wait until the site responds. Raise an error with the logs if a process has ended or it
        takes too long.
        """
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and all(
            process.poll() is None for process in self.processes
        ):
            if answers(f"{self.url}/health/ready"):
                return
            time.sleep(0.05)
        raise RuntimeError(f"{self.url} did not get ready:\n{self.logs()}")

    def expect_alive(self) -> None:
        """Raise an error with the logs if a process has ended."""
        dead = [process.args for process in self.processes if process.poll() is not None]
        if dead:
            raise RuntimeError(f"{dead} died:\n{self.logs()}")

    def logs(self, most: int = 6000) -> str:
        """Return the ends of all logs."""
        paths = sorted(self.folder.glob("*.log"))
        return "\n".join(
            f"--- {path.name}\n{path.read_text(errors='replace')[-most:]}" for path in paths
        )

    def stop(self) -> None:
        """Stop every process, after some seconds by force."""
        for process in self.processes:
            process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + 5
        for process in self.processes:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                kill(process)

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        return kept | {"FLASK_APP": WEB[-1]} | self.settings

    @staticmethod
    def _words(command: tuple[str, ...]) -> list[str]:
        return [str(BIN / command[0]), *command[1:]]


def answers(url: str) -> bool:
    """Whether the URL responds with 200. Certificates aren't verified."""
    trusting = ssl._create_unverified_context()
    with (
        suppress(urllib.error.URLError, OSError),
        urllib.request.urlopen(url, timeout=2, context=trusting) as answer,
    ):
        return bool(answer.status == 200)
    return False


@contextmanager
def small(folder: Path, like: Path | None = None, **settings: str) -> Iterator[Site]:
    """Run a site in one process on SQLite, as `make run` does except for these settings; emails are
    at /dev/emails.

    It starts with a copy of the folder `like`, the instance of another site.
    """
    if like is not None:
        shutil.copytree(like, folder / "instance")
    site = at_rest(folder, **settings)
    with running(site):
        yield site


def at_rest(folder: Path, **settings: str) -> Site:
    """Return a small site with its tables, without starting its processes."""
    port = free_port()
    site = Site(f"http://127.0.0.1:{port}", Folder(folder / "instance" / "mail"), folder, {})
    site.settings = (
        common(folder, port) | {"ENVIRONMENT": "development", "SITE_URL": site.url} | settings
    )
    migrated.into(Path(site.settings["INSTANCE"]))
    return site


@contextmanager
def large(folder: Path, redis: str) -> Iterator[Site]:
    """Run web processes, a worker and a clock on PostgreSQL and Redis, with emails by SMTP."""
    port = free_port()
    with ExitStack() as stack:
        site = stack.enter_context(in_production(folder, f"http://127.0.0.1:{port}", port))
        site.settings |= {
            "DATABASE_URL": stack.enter_context(
                databases.on_postgresql(migrated.database("postgresql"))
            )
        }
        site.settings |= {"REDIS_URL": redis, "WEB_CONCURRENCY": "2"}
        stack.enter_context(running(site, worker=("flask", "worker"), clock=("flask", "clock")))
        yield site


@contextmanager
def secure(folder: Path) -> Iterator[Site]:
    """Run one process behind https with a self-signed certificate, configured as in production."""
    port = free_port()
    url = f"https://localhost:{port}"
    with in_production(folder, url, port) as site:
        migrated.into(Path(site.settings["INSTANCE"]))
        with running(site, options=certificate(folder)):
            yield site


@contextmanager
def in_production(folder: Path, url: str, port: int) -> Iterator[Site]:
    """Yield a site configured as in production, of which only the SMTP server runs yet."""
    smtp = SmtpServer()
    try:
        settings = {"ENVIRONMENT": "production", "SITE_URL": url}
        yield Site(url, smtp, folder, common(folder, port) | by_smtp(smtp) | settings)
    finally:
        smtp.close()


def common(folder: Path, port: int) -> dict[str, str]:
    """Return the settings that all sizes share."""
    return {"PORT": str(port), "SECRET_KEY": SECRET, "INSTANCE": str(folder / "instance")}


def by_smtp(server: SmtpServer) -> dict[str, str]:
    """Return the settings for sending emails to this server."""
    return {"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": str(server.port), "MAIL_USE_TLS": "no"}


@contextmanager
def running(
    site: Site, options: tuple[str, ...] = (), web: tuple[str, ...] = WEB, **others: tuple[str, ...]
) -> Iterator[None]:
    """Create the tables, start the web server and the other processes, and wait until the site is
    ready.
    """
    try:
        site.run("web", *web, *options)
        for name, command in others.items():
            site.run(name, *command)
        site.wait_until_ready()
        yield
        site.expect_alive()
    finally:
        site.stop()


def certificate(folder: Path) -> tuple[str, ...]:
    """Return gunicorn's options for a new self-signed certificate of `localhost` and the documented
    name.
    """
    key, cert = folder / "key.pem", folder / "cert.pem"
    self_signed(key, cert, "localhost", "moot.example.org")
    return ("--certfile", str(cert), "--keyfile", str(key))


def self_signed(key: Path, cert: Path, *names: str) -> None:
    """Create a self-signed certificate for these names, and its key."""
    asked = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    asked += ["-subj", f"/CN={names[0]}"]
    asked += ["-addext", "subjectAltName=" + ",".join(f"DNS:{name}" for name in names)]
    subprocess.run([*asked, "-keyout", key, "-out", cert], check=True, capture_output=True)
