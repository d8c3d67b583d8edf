"""Releases in folders as in docs/deploying.md, and a gunicorn that switches from one to the
next.
"""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from scripts.services import free_port
from tests import migrated
from tests.processes import ROOT, eventually

from .deployed_site import ask

#: The parts of the repository that a running site needs.
NEEDED = ("gunicorn.conf.py", "wsgi.py", "webapp", "templates", "static", "migrations")
#: Every response says which release sent it; /told also contains the server's process id and
#: settings.
WSGI = """
import json, os
from pathlib import Path
from webapp import config, create_app

app = create_app()
site = app.wsgi_app
release = Path(__file__).resolve().parent.name

def told(environ, start_response):
    def begin(status, headers, *more):
        return start_response(status, [*headers, ("X-Release", release)], *more)

    if environ["PATH_INFO"] != "/told":
        return site(environ, begin)
    said = {setting.name: repr(app.config[setting.name]) for setting in config.SETTINGS}
    said |= {"server": os.getppid(), "release": release, "VARIABLE": os.environ.get("VARIABLE")}
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(said).encode()]

app.wsgi_app = told
print("A worker is ready:", release, flush=True)
"""


def lay_out(folder: Path, *names: str) -> Path:
    """Create releases of the current code in `folder`, with a common `.env` and `build`; `current`
    points to the first.
    """
    (folder / "build").mkdir(parents=True)
    (folder / ".env").touch()
    for name in names:
        release = folder / "releases" / name
        release.mkdir(parents=True)
        for needed in NEEDED:
            source = ROOT / needed
            if source.is_dir():
                shutil.copytree(source, release / needed)  # including compiled modules
            else:
                shutil.copy(source, release)
        (release / "wsgi.py").write_text(WSGI)
        (release / ".env").symlink_to("../../.env")
        (release / "build").symlink_to("../../build")
        (release / ".venv").symlink_to(ROOT / ".venv")
    (folder / "current").symlink_to(f"releases/{names[0]}")
    return folder


class Server:
    """A gunicorn that serves the release that `current` points to, and the server that replaces
    it.
    """

    def __init__(self, folder: Path, kind: str = "web", **environment: str) -> None:
        self.folder, self.kind, self.port = folder, kind, free_port()
        self.log = folder / "web.log"
        self.news = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.news.bind(str(folder / "notify"))
        base = {
            "PATH": os.environ["PATH"],
            "INSTANCE": str(folder / "instance"),
            "NOTIFY_SOCKET": str(folder / "notify"),
        }
        self.environment = base | environment
        if "DATABASE_URL" not in environment:
            migrated.into(folder / "instance")

    @contextmanager
    def running(self) -> Iterator["Server"]:
        """Run the server; at the end stop it and any server that has replaced it."""
        words = self.command()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                words, cwd=self.folder / "current", env=self.environment, stdout=log, stderr=log
            )
        try:
            assert eventually(lambda: self.status() is not None), self.log.read_text()
            yield self
        finally:
            for pid in {self.process.pid, (self.status() or {}).get("server", self.process.pid)}:
                if is_alive(pid):
                    os.kill(pid, signal.SIGTERM)
            self.process.wait(90)
            assert eventually(lambda: self.status() is None)
            self.news.close()

    def command(self) -> list[str]:
        """Return the unit's ExecStart with this folder and this port."""
        line = unit(f"folkmoot-{self.kind}", "ExecStart").replace("/srv/folkmoot", str(self.folder))
        return re.sub(r"127\.0\.0\.1:800\d", f"127.0.0.1:{self.port}", line).split()

    def reload(self) -> subprocess.CompletedProcess[str]:
        """Do what the unit does at `systemctl reload`."""
        line = unit("folkmoot-web", "ExecReload").removeprefix("/bin/sh -c '").removesuffix("'")
        environment = self.environment | {"MAINPID": str(self.process.pid)}
        reaping = threading.Thread(target=self.process.wait, daemon=True)  # as systemd does
        reaping.start()
        return subprocess.run(
            ["/bin/sh", "-c", line], env=environment, capture_output=True, text=True
        )

    def news_for_systemd(self) -> list[str]:
        """Return the first line of each message that the servers have sent to systemd."""
        news = []
        self.news.setblocking(False)
        with suppress(BlockingIOError):
            while True:
                news.append(self.news.recv(1000).decode().splitlines()[0])
        return news

    def status(self) -> dict[str, Any] | None:
        """Return a worker's description of itself; None if there is no response."""
        try:
            return dict(json.loads(ask(self.port, "/told", secure=False, Host="127.0.0.1").text))
        except (OSError, ValueError):
            return None

    def says(self, **values: Any) -> bool:
        """Whether a worker's description becomes this in time."""

        def does() -> bool:
            status = self.status() or {}
            return values.items() <= status.items()

        return eventually(does)


def unit(name: str, key: str) -> str:
    """Return the value of this key in the systemd unit."""
    lines = (ROOT / "deploy" / "systemd" / f"{name}.service").read_text().splitlines()
    [value] = [line.partition("=")[2] for line in lines if line.startswith(f"{key}=")]
    return value


def is_alive(pid: int) -> bool:
    """Whether the process exists and isn't a zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
