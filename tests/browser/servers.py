"""The real site in processes of its own: alone on SQLite, whole on PostgreSQL and Redis, or
behind https.
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
#: What serves a site's pages.
WEB = ("gunicorn", "-c", "gunicorn.conf.py", "tests.served:app")
PATIENCE = 120  # seconds until a site must be ready
SECRET = "only for tests: 6f1a0c9d84b7e253"
#: What the machine's own environment may not decide. The last would let every process compile all
#: of the code again.
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
    """A running site: where it is, where its emails arrive, and how it was configured."""

    url: str
    mailbox: Mailbox
    folder: Path
    settings: dict[str, str]
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def run(self, name: str, *command: str) -> None:
        """The command runs until the site is stopped; what it says goes to `<name>.log`."""
        with (self.folder / f"{name}.log").open("ab") as log:
            options = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": log}
            self.processes.append(
                subprocess.Popen(self._words(command), cwd=ROOT, env=self._environment(), **options)
            )  # type: ignore[call-overload]

    def flask(self, *words: str) -> str:
        """What a `flask` command says, once it is done; it must succeed."""
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
        """It serves; raises with the logs when a process has died or it takes too long."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and all(
            process.poll() is None for process in self.processes
        ):
            if answers(f"{self.url}/health/ready"):
                return
            time.sleep(0.05)
        raise RuntimeError(f"{self.url} did not get ready:\n{self.logs()}")

    def expect_alive(self) -> None:
        """Every process still runs; raises with the logs when one has died."""
        dead = [process.args for process in self.processes if process.poll() is not None]
        if dead:
            raise RuntimeError(f"{dead} died:\n{self.logs()}")

    def logs(self, most: int = 6000) -> str:
        """The ends of what the processes said."""
        paths = sorted(self.folder.glob("*.log"))
        return "\n".join(
            f"--- {path.name}\n{path.read_text(errors='replace')[-most:]}" for path in paths
        )

    def stop(self) -> None:
        """Every process has gone: asked, and after some seconds made to."""
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
    """Whether this address says 200. Certificates are not looked at."""
    trusting = ssl._create_unverified_context()
    with (
        suppress(urllib.error.URLError, OSError),
        urllib.request.urlopen(url, timeout=2, context=trusting) as answer,
    ):
        return bool(answer.status == 200)
    return False


@contextmanager
def small(folder: Path, like: Path | None = None, **settings: str) -> Iterator[Site]:
    """One process on an SQLite file, as `make run` serves it but for these settings; emails lie at
    /dev/emails.

    It begins with what lies in the folder `like`, which is the instance of another.
    """
    if like is not None:
        shutil.copytree(like, folder / "instance")
    site = at_rest(folder, **settings)
    with running(site):
        yield site


def at_rest(folder: Path, **settings: str) -> Site:
    """A small site with its tables, whose processes do not run."""
    port = free_port()
    site = Site(f"http://127.0.0.1:{port}", Folder(folder / "instance" / "mail"), folder, {})
    site.settings = (
        common(folder, port) | {"ENVIRONMENT": "development", "SITE_URL": site.url} | settings
    )
    migrated.into(Path(site.settings["INSTANCE"]))
    return site


@contextmanager
def large(folder: Path, redis: str) -> Iterator[Site]:
    """Web processes, a worker and a clock on PostgreSQL and Redis; emails go by SMTP."""
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
    """One process behind https with a certificate of its own making, configured as for
    production.
    """
    port = free_port()
    url = f"https://localhost:{port}"
    with in_production(folder, url, port) as site:
        migrated.into(Path(site.settings["INSTANCE"]))
        with running(site, options=certificate(folder)):
            yield site


@contextmanager
def in_production(folder: Path, url: str, port: int) -> Iterator[Site]:
    """A site of which nothing runs yet but the server that its emails go to; configured as for
    production.
    """
    smtp = SmtpServer()
    try:
        settings = {"ENVIRONMENT": "production", "SITE_URL": url}
        yield Site(url, smtp, folder, common(folder, port) | by_smtp(smtp) | settings)
    finally:
        smtp.close()


def common(folder: Path, port: int) -> dict[str, str]:
    """The settings that every size shares."""
    return {"PORT": str(port), "SECRET_KEY": SECRET, "INSTANCE": str(folder / "instance")}


def by_smtp(server: SmtpServer) -> dict[str, str]:
    """The settings under which emails go to this server."""
    return {"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": str(server.port), "MAIL_USE_TLS": "no"}


@contextmanager
def running(
    site: Site, options: tuple[str, ...] = (), web: tuple[str, ...] = WEB, **others: tuple[str, ...]
) -> Iterator[None]:
    """The database has its tables, the web server and the other processes run, and the site is
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
    """gunicorn's options for a fresh certificate of `localhost`, and of the documented name,
    that nobody has signed.
    """
    key, cert = folder / "key.pem", folder / "cert.pem"
    self_signed(key, cert, "localhost", "moot.example.org")
    return ("--certfile", str(cert), "--keyfile", str(key))


def self_signed(key: Path, cert: Path, *names: str) -> None:
    """There is a certificate for these names, which nobody else has signed, and its key."""
    asked = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    asked += ["-subj", f"/CN={names[0]}"]
    asked += ["-addext", "subjectAltName=" + ",".join(f"DNS:{name}" for name in names)]
    subprocess.run([*asked, "-keyout", key, "-out", cert], check=True, capture_output=True)
