#!/usr/bin/env python3
"""Start a PostgreSQL and a Redis for the tests, on free ports of 127.0.0.1, in a temporary folder.

    python scripts/services.py run -- COMMAND…   starts both, runs the command, removes both
    eval "$(python scripts/services.py start --keep)"   keeps them for this checkout, until
    python scripts/services.py stop

The command finds them by TEST_POSTGRESQL_URL and TEST_REDIS_URL. Needs only Python's standard
library.
"""

import argparse
import json
import os
import pwd
import random
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

KEPT = Path(__file__).resolve().parent.parent / "build" / "services.json"
PATIENCE = 90  # seconds until a server must answer
PORTS = (15000, 32000)  # below the ports of outgoing connections
POSTGRESQL_SETTINGS = {"listen_addresses": "127.0.0.1", "max_connections": "200", "timezone": "UTC"}
#: Test data needn't survive a crash, and tables that last a minute need no vacuum.
FORGETFUL = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
}


class Missing(Exception):
    """A program that the tests need isn't on this machine."""


def find(name):
    """Return the path of a program; of several PostgreSQL versions in Debian's folder the
    newest.
    """
    versions = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -float(path.parent.name)
    )
    path = shutil.which(
        name, path=os.pathsep.join([*map(str, versions), os.environ.get("PATH", ""), "/usr/sbin"])
    )
    if path is None:
        raise Missing(f"{name} is not installed; `make test` installs it on Debian and Ubuntu.")
    return path


def chromium():
    """Return the path of the browser: CHROMIUM, or the lightest one installed.

    None if only Playwright's own exists. The headless shell is Chromium without windows, which take
    half of its time.
    """
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


def free_port():
    """Return a free port of 127.0.0.1 that the kernel doesn't use for outgoing connections."""
    while True:
        port = random.randrange(*PORTS)
        with suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port


def someone_else():
    """Return the options to run a child as an ordinary user: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            user = pwd.getpwnam(name)
            return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise Missing("There is no user postgres or nobody to run PostgreSQL as.")


def spawn(command, folder, **options):
    """Start a server in its own session, so that Ctrl-C reaches it only through us; its output goes
    to a log.
    """
    with (folder / "log").open("ab") as log:
        streams = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": log}
        return subprocess.Popen(command, cwd=folder, start_new_session=True, **streams, **options)


def wait_for(ready, server, folder):
    """Wait until `ready()` is true.

    Raise RuntimeError with the log if the server dies or takes too long.
    """
    deadline = time.monotonic() + PATIENCE
    while server.poll() is None and time.monotonic() < deadline:
        if ready():
            return
        time.sleep(0.05)
    end(server.pid, signal.SIGKILL)
    raise RuntimeError(
        f"{folder.name} did not start:\n{(folder / 'log').read_text(errors='replace')[-2000:]}"
    )


def start_postgresql(folder, durable=False, **more):
    """Start a new PostgreSQL whose only user is a superuser; return its process id and URL.

    `durable` uses PostgreSQL's own settings for people's data. `more` are further settings.
    """
    owner = someone_else()
    if owner:
        os.chown(folder, owner["user"], owner["group"])
    options = [
        "-D",
        "data",
        "--username=postgres",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C",
        "--no-sync",
    ]
    initdb = subprocess.run(
        [find("initdb"), *options], cwd=folder, capture_output=True, text=True, **owner
    )
    if initdb.returncode:
        raise RuntimeError(f"initdb failed:\n{initdb.stdout}{initdb.stderr}")
    port = free_port()
    settings = (
        POSTGRESQL_SETTINGS
        | ({} if durable else FORGETFUL)
        | {"port": port, "unix_socket_directories": folder}
        | more
    )
    flags = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    server = spawn([find("postgres"), "-D", "data", *flags], folder, **owner)
    is_ready = [find("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port), "-U", "postgres"]
    wait_for(lambda: subprocess.run(is_ready).returncode == 0, server, folder)
    return server.pid, f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"


def start_redis(folder, port=None):
    """Start an empty Redis without persistence; return its process id and URL."""
    port = port or free_port()
    settings = ["--save", "", "--appendonly", "no", "--databases", "256"]
    options = ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), *settings]
    server = spawn([find("redis-server"), *options], folder)
    wait_for(lambda: redis_answers(port), server, folder)
    return server.pid, f"redis://127.0.0.1:{port}/0"


def redis_answers(port):
    """Whether the Redis at this port responds."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
        connection.sendall(b"PING\r\n")
        return connection.recv(7) == b"+PONG\r\n"
    return False


def start(durable=False):
    """Start both; return what `stop` needs, and the environment for the tests."""
    folder = Path(tempfile.mkdtemp(prefix="folkmoot-services-"))
    folder.chmod(0o711)
    running = {"folder": str(folder), "postgresql": None, "redis": None, "environment": {}}
    try:
        starters = {"postgresql": partial(start_postgresql, durable=durable), "redis": start_redis}
        for name, starter in starters.items():
            (folder / name).mkdir()
            running[name], address = starter(folder / name)
            running["environment"][f"TEST_{name.upper()}_URL"] = address
    except BaseException:
        stop(running)
        raise
    return running


def stop(running):
    """Stop both and delete the folder."""
    # PostgreSQL's "fast" shutdown: it ends its sessions first
    end(running["postgresql"], signal.SIGINT)
    end(running["redis"], signal.SIGTERM)
    shutil.rmtree(running["folder"], ignore_errors=True)


def end(pid, how):
    """Stop the process with this signal, or by force after ten seconds."""
    if not pid:
        return
    for sign, seconds in ((how, 10), (signal.SIGKILL, 5)):
        with suppress(ProcessLookupError):
            os.kill(pid, sign)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if gone(pid):
                return
            time.sleep(0.02)


def gone(pid):
    """Whether this process, our child or not, has ended."""
    with suppress(ChildProcessError):
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    try:
        os.kill(pid, 0)
        return (
            ") Z " in Path(f"/proc/{pid}/stat").read_text()
        )  # a zombie, in a container where nobody reaps it
    except ProcessLookupError:
        return True
    except OSError:
        return False


class Interrupted(Exception):
    """A signal told us to stop; `args[0]` is its number."""


@contextmanager
def heeding_signals():
    """Raise Interrupted on Ctrl-C, hang-up and `kill`; afterwards ignore them, so that cleaning up
    completes.
    """

    def interrupt(number, frame):
        raise Interrupted(number)

    signals = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
    for sign in signals:
        signal.signal(sign, interrupt)
    try:
        yield
    finally:
        for sign in signals:
            signal.signal(sign, signal.SIG_IGN)


def run(command):
    """Run the command with both servers, then remove them; return its exit status."""
    running, child = None, None
    try:
        with heeding_signals():
            running = start()
            child = subprocess.Popen(command, env=os.environ | running["environment"])
            return child.wait()
    except Interrupted as interrupted:
        if child is not None:  # Ctrl-C reaches the command too: let it finish its output
            end(child.pid, 0 if interrupted.args[0] == signal.SIGINT else signal.SIGTERM)
        return 130
    finally:
        if running is not None:
            stop(running)


def keep():
    """Start both and leave them running, or find those started before.

    Print their URLs for a shell.
    """
    if KEPT.exists():
        running = json.loads(KEPT.read_text())
        if gone(running["postgresql"]) or gone(running["redis"]):
            release()
    if not KEPT.exists():
        KEPT.parent.mkdir(exist_ok=True)
        KEPT.write_text(json.dumps(start()))
    for name, value in json.loads(KEPT.read_text())["environment"].items():
        print(f"export {name}={shlex.quote(value)}")
    return 0


def release():
    """Stop what `keep` started."""
    if KEPT.exists():
        stop(json.loads(KEPT.read_text()))
        KEPT.unlink()
    return 0


def main():
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help="run a command with both").add_argument(
        "words", nargs=argparse.REMAINDER
    )
    starting = commands.add_parser("start", help="print the addresses of both")
    starting.add_argument("--keep", action="store_true", required=True, help="both run on")
    commands.add_parser("stop", help="stop what start began")
    chosen = parser.parse_args()
    try:
        if chosen.command == "run":
            return run([word for word in chosen.words[:1] if word != "--"] + chosen.words[1:])
        return keep() if chosen.command == "start" else release()
    except (Missing, RuntimeError, FileNotFoundError) as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
