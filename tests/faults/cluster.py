"""A site on several machines, as described in docs/operating.md, here all on one.

Two web processes behind nginx, a live process, two workers, a clock, Redis, and a PostgreSQL with a
hot standby.
"""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from scripts import services
from tests.browser.mailboxes import SmtpServer
from tests.browser.servers import in_production
from tests.deploy.deployed_site import NAME, DeployedSite, Proxy, nginx
from tests.processes import children, eventually

from .fault_site import PLENTY

NOBODY_WAITS = "ALTER SYSTEM SET synchronous_standby_names = ''"
FOR_BOTH = "ALTER SYSTEM SET synchronous_standby_names = '*'"


@dataclass
class Pair:
    """A PostgreSQL and its hot standby: process ids and ports, the primary first."""

    folder: Path
    pids: list[int]
    ports: list[int]

    def url(self) -> str:
        """Return the URL with both hosts, as on the page, which reaches the one that accepts
        writes.
        """
        hosts = "&".join(f"host=127.0.0.1:{port}" for port in self.ports)
        return f"postgresql://postgres@/postgres?{hosts}&target_session_attrs=read-write"

    def ask(self, which: int, *statements: str) -> list[Any]:
        """Return the rows of the last statement, from the first or the second server."""
        address = f"postgresql://postgres@127.0.0.1:{self.ports[which]}/postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            for statement in statements:
                cursor = connection.execute(statement)  # type: ignore[arg-type]
            return cursor.fetchall() if cursor.description else []

    def wait_for_both(self) -> None:
        """Make commits wait from now on until both servers have them."""
        self.ask(0, FOR_BOTH, "SELECT pg_reload_conf()")
        synchronous = "SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'"
        assert eventually(lambda: bool(self.ask(0, synchronous)), 20)

    def stop_following(self) -> None:
        """Stop replication, and make commits not wait for the standby."""
        self.ask(1, "ALTER SYSTEM SET primary_conninfo = ''", "SELECT pg_reload_conf()")
        assert eventually(lambda: not self.ask(0, "SELECT 1 FROM pg_stat_replication"), 20)
        self.ask(0, NOBODY_WAITS, "SELECT pg_reload_conf()")

    def lose_the_first(self) -> None:
        """Kill the primary, whatever it is doing."""
        for pid in [self.pids[0], *children(self.pids[0])]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        services.end(self.pids[0], signal.SIGKILL)

    def promote(self) -> None:
        """Make the standby accept writes."""
        self.ask(1, "SELECT pg_promote(true, 60)")


@contextmanager
def pair(folder: Path) -> Iterator[Pair]:
    """Run a durable PostgreSQL and a second one that follows it."""
    first, second = folder / "primary", folder / "standby"
    for place in (first, second):
        place.mkdir(parents=True)
        place.chmod(0o755)
    pid, url = services.start_postgresql(first, durable=True)
    ports = [int(url.rsplit(":", 1)[1].split("/")[0]), services.free_port()]
    pids = [pid]
    try:
        pids.append(_standby(second, *ports))
        yield Pair(folder, pids, ports)
    finally:
        for number in reversed(pids):
            services.end(number, signal.SIGINT)


def _standby(folder: Path, primary: int, port: int) -> int:
    """Start a PostgreSQL that is a copy of another and follows it; return its process id."""
    owner = services.someone_else()
    if owner:
        os.chown(folder, owner["user"], owner["group"])
    copy = [
        "-h",
        "127.0.0.1",
        "-p",
        str(primary),
        "-U",
        "postgres",
        "-D",
        "data",
        "-R",
        "-X",
        "stream",
        "-c",
        "fast",
    ]
    subprocess.run(
        [services.find("pg_basebackup"), *copy],
        cwd=folder,
        check=True,
        capture_output=True,
        timeout=120,
        **owner,
    )
    settings = services.POSTGRESQL_SETTINGS | {
        "port": str(port),
        "unix_socket_directories": str(folder),
    }
    flags = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    server = services.spawn([services.find("postgres"), "-D", "data", *flags], folder, **owner)
    ready = [
        services.find("pg_isready"),
        "-q",
        "-h",
        "127.0.0.1",
        "-p",
        str(port),
        "-U",
        "postgres",
    ]
    services.wait_for(lambda: subprocess.run(ready).returncode == 0, server, folder)
    return int(server.pid)


@dataclass
class Cluster:
    """The whole cluster, and requests to it."""

    deployed: DeployedSite
    databases: Pair
    proxy: Proxy
    mailbox: SmtpServer

    def process(self, name: str) -> subprocess.Popen[bytes]:
        """Return the process that was started under this name."""
        return self.deployed.running[name]


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """Yield a cluster with an empty database, of whose own processes none has been started."""
    with ExitStack() as stack:
        databases = stack.enter_context(pair(folder / "postgresql"))
        redis = folder / "redis"
        redis.mkdir()
        redis_pid, redis_url = services.start_redis(redis)
        stack.callback(lambda: services.end(redis_pid, signal.SIGTERM))
        site = stack.enter_context(in_production(folder, f"https://{NAME}", 8000))
        site.settings |= PLENTY
        site.settings |= {
            "DATABASE_URL": databases.url(),
            "REDIS_URL": redis_url,
            "WEB_CONCURRENCY": "2",
        }
        site.settings |= {"TRUSTED_PROXIES": "1", "MAIL_LEASE_SECONDS": "10"}
        stack.callback(site.stop)
        deployed = DeployedSite(site)
        ports = {name: services.free_port() for name in ("web-1", "web-2", "live")}
        deployed.ports |= ports
        yield Cluster(deployed, databases, None, site.mailbox)  # type: ignore[arg-type]


@contextmanager
def serving(here: Cluster) -> Iterator[Cluster]:
    """Start all processes, with nginx in front of them."""
    for name in ("web-1", "web-2", "live", "worker-1", "worker-2", "clock"):
        here.deployed.start(name, port=here.deployed.ports.get(name, 0), patience=120)
    web, live = (
        [here.deployed.ports["web-1"], here.deployed.ports["web-2"]],
        [here.deployed.ports["live"]],
    )
    with nginx(here.deployed.site.folder / "proxy", web, live) as here.proxy:
        yield here
