"""Folkmoot as it is deployed: the Procfile's processes on their own database, nginx in front of
them, and clients.
"""

import http.client
import os
import re
import shlex
import signal
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask

from scripts.services import find, free_port
from tests import databases, migrated, parts
from tests.browser.servers import Site, certificate, in_production
from tests.processes import ROOT, eventually
from webapp import create_app

NAME = "moot.example.org"
DEPLOY = ROOT / "deploy"
PATIENCE = 90  # seconds until a test gives up; never used up if things work


def procfile() -> dict[str, str]:
    """Return the Procfile's commands by process type."""
    lines = (ROOT / "Procfile").read_text().splitlines()
    return dict(line.split(": ", 1) for line in lines)


def command(name: str, port: int = 0) -> list[str]:
    """Return the Procfile's command for this process, on this port of 127.0.0.1."""
    line = re.sub(r"0\.0\.0\.0:\$\{PORT:-\d+\}", f"127.0.0.1:{port}", procfile()[name])
    return shlex.split(line)


@dataclass
class DeployedSite:
    """Processes on one database and one Redis, at https://moot.example.org."""

    site: Site
    ports: dict[str, int] = field(default_factory=dict)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(
        self, name: str, *options: str, port: int = 0, patience: float = PATIENCE
    ) -> subprocess.Popen[bytes]:
        """Start the Procfile's process with additional `options`, and wait until it responds if it
        has a port.
        """
        kind = name.split("-")[0]
        self.ports[name] = port or free_port()
        self.site.run(name, *command(kind, self.ports[name]), *options)
        self.running[name] = self.site.processes[-1]
        if kind in {"web", "live"}:
            ready = eventually(lambda: self.is_serving(name), patience)
            assert ready, self.site.logs()
        return self.site.processes[-1]

    def is_serving(self, name: str) -> bool:
        """Whether this process responds."""
        try:
            return ask(self.ports[name], "/health", secure=False).status == 200
        except OSError:
            return False

    def app(self) -> Flask:
        """Return an application on the same database in this process, to create rows and send
        signals.
        """
        settings: dict[str, Any] = dict(self.site.settings)
        numbers = {name: int(settings[name]) for name in ("PORT", "MAIL_PORT", "TRUSTED_PROXIES")}
        return create_app(**settings | numbers | {"MAIL_USE_TLS": False})


@contextmanager
def deployed_site(folder: Path, **settings: str) -> Iterator[DeployedSite]:
    """Yield a deployed site with a migrated database, in which no process runs yet."""
    with ExitStack() as stack:
        site = stack.enter_context(in_production(folder, f"https://{NAME}", 8000))
        site.settings |= {
            "DATABASE_URL": stack.enter_context(
                databases.on_postgresql(migrated.database("postgresql"))
            )
        }
        site.settings |= {
            "REDIS_URL": parts.redis_url(parts.OTHER),
            "WEB_CONCURRENCY": "2",
            "TRUSTED_PROXIES": "1",
        } | settings
        stack.callback(site.stop)
        yield DeployedSite(site)


@contextmanager
def nginx(folder: Path, web: list[int], live: list[int], **changes: str) -> Iterator["Proxy"]:
    """Run nginx with deploy/nginx.conf on free ports, after `changes` to the file, each of which
    must match.
    """
    folder.mkdir(exist_ok=True)
    certificate(folder)
    proxy = Proxy(folder, free_port(), free_port())
    proxy.write(web, live, changes)
    server = subprocess.Popen(
        [find("nginx"), "-p", str(folder), "-c", "nginx.conf"], stderr=subprocess.DEVNULL
    )
    try:
        assert eventually(proxy.is_serving, PATIENCE), (folder / "error.log").read_text()
        yield proxy
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(10)


@dataclass
class Proxy:
    """An nginx with its folder and its ports for http and https."""

    folder: Path
    http: int
    https: int

    def write(self, web: list[int], live: list[int], changes: dict[str, str]) -> None:
        """Write our configuration into the folder, with other ports and paths, and with
        `changes`.
        """
        text = (DEPLOY / "nginx.conf").read_text()
        places = {
            "listen 80 default_server;": f"listen 127.0.0.1:{self.http};",
            "listen [::]:80 default_server;": "",
            "listen 443 ssl http2 default_server;": f"listen 127.0.0.1:{self.https} ssl http2;",
            "listen [::]:443 ssl http2 default_server;": "",
            "/etc/nginx/tls/fullchain.pem": f"{self.folder}/cert.pem",
            "/etc/nginx/tls/privkey.pem": f"{self.folder}/key.pem",
            "/var/cache/nginx-folkmoot": f"{self.folder}/cache",
            "/var/log/nginx": str(self.folder),
            "/etc/nginx/folkmoot": str(DEPLOY),
        }
        (self.folder / "folkmoot.conf").write_text(replaced(text, places | changes))
        upstreams = (DEPLOY / "nginx-upstreams.conf").read_text()
        servers = {
            "    server 127.0.0.1:8000 max_fails=0;\n": "".join(
                f"    server 127.0.0.1:{port} max_fails=0;\n" for port in web
            ),
            "    server 127.0.0.1:8001 max_fails=1 fail_timeout=5s;\n": "".join(
                f"    server 127.0.0.1:{port} max_fails=1 fail_timeout=5s;\n" for port in live
            ),
            "127.0.0.1:8000 backup": f"127.0.0.1:{web[0]} backup",
        }
        (self.folder / "upstreams.conf").write_text(replaced(upstreams, servers))
        (self.folder / "nginx.conf").write_text(
            MAIN.format(user="user root;" if os.geteuid() == 0 else "", folder=self.folder)
        )

    def is_serving(self) -> bool:
        """Whether nginx responds."""
        try:
            return ask(self.https, "/proxy-health").status == 204
        except OSError:
            return False

    def ask(
        self, path: str, method: str = "GET", body: str | None = None, **headers: str
    ) -> "Answer":
        """Return the response over https, as a browser gets it."""
        return ask(self.https, path, method, body, **headers)


MAIN = """{user}
daemon off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/upstreams.conf;
    include {folder}/folkmoot.conf;
}}
"""


def replaced(text: str, changes: dict[str, str]) -> str:
    """Return the text with every change; raise an error if one doesn't match."""
    for old, new in changes.items():
        assert old in text, f"{old!r} does not stand there any more"
        text = text.replace(old, new)
    return text


@dataclass
class Answer:
    """A response."""

    status: int
    headers: http.client.HTTPMessage
    text: str


def ask(
    port: int,
    path: str,
    method: str = "GET",
    body: str | None = None,
    secure: bool = True,
    patience: float = PATIENCE,
    **headers: str,
) -> Answer:
    """Send one request to 127.0.0.1 with the site's name as its host; headers are written with `_`
    for `-`.
    """
    connection = connect(port, secure, patience)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, {"Host": NAME} | named)
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read().decode("utf-8", "replace"))
    finally:
        connection.close()


def connect(
    port: int, secure: bool = True, patience: float = PATIENCE
) -> http.client.HTTPConnection:
    """Open a new connection, without verifying the test's certificate."""
    if secure:
        context = ssl._create_unverified_context()
        return http.client.HTTPSConnection("127.0.0.1", port, timeout=patience, context=context)
    return http.client.HTTPConnection("127.0.0.1", port, timeout=patience)


def signed_in(port: int, name: str, password: str) -> dict[str, str]:
    """Sign in directly at the process; return the headers of that browser."""
    asked = {"X_Forwarded_Proto": "https", "Referer": f"https://{NAME}/sign-in"}
    form = ask(port, "/sign-in", secure=False, **asked)
    asked |= {
        "Cookie": form.headers["Set-Cookie"].split(";")[0],
        "Content_Type": "application/x-www-form-urlencoded",
    }
    fields = {"csrf_token": csrf_token(form), "name": name, "password": password}
    answer = ask(port, "/sign-in", "POST", urlencode(fields), secure=False, **asked)
    assert answer.status == 303, answer.text
    return asked | {"Cookie": answer.headers["Set-Cookie"].split(";")[0]}


def csrf_token(page: Answer) -> str:
    """Return the CSRF token of the page's first form."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert found, page.text
    return found.group(1)


class Stream:
    """An open stream, read line by line like a browser."""

    def __init__(
        self,
        port: int,
        topics: list[str],
        secure: bool = True,
        patience: float = PATIENCE,
        **headers: str,
    ) -> None:
        self.connection = connect(port, secure)
        self.connection.timeout = patience
        query = "&".join(f"t={topic}" for topic in topics)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.connection.request("GET", f"/live?{query}", headers={"Host": NAME} | named)
        self.answer = self.connection.getresponse()
        self.status = self.answer.status

    def next(self) -> str:
        """Return the next message; "" at the end."""
        while line := self.answer.readline():
            if line.strip(b":\r\n "):
                return line.decode().strip()
        return ""

    def ends_well(self) -> bool:
        """Whether the server ends the stream properly; False if the connection is cut."""
        try:
            while self.answer.read1(4096):
                pass
        except (OSError, http.client.HTTPException):
            return False
        return True

    def close(self) -> None:
        """Close the connection."""
        self.answer.close()
        self.connection.close()
