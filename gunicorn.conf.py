"""gunicorn's configuration: one process that does everything or, with Redis, several.

Command-line options override it: the `live` process of the Procfile is this file with
`--worker-class gevent`.

gunicorn reads this file at startup, and again on HUP (new workers, same server) and on USR2 (a new
server). Each time it reads `.env` again: `docs/operating.md`, “Change settings”. Both times the old
workers stop once the new ones are ready, and stay if these can't start.
"""

import ctypes
import logging
import os
import re
import shutil
import signal
import socket
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from dotenv import load_dotenv
from gunicorn.errors import HaltServer

HERE = Path(__file__).resolve().parent
#: The variables that `.env` set when it was read last. A server started by USR2 after a HUP
#: inherits this together with them.
FROM_FILE = "FOLKMOOT_FROM_ENV_FILE"


def read_settings():
    """Load `.env`, and drop variables that only its previous version set.

    Variables set outside win.
    """
    for name in os.environ.pop(FROM_FILE, "").split():
        os.environ.pop(name, None)
    outside = set(os.environ)
    load_dotenv(HERE / ".env")
    os.environ[FROM_FILE] = " ".join(set(os.environ) - outside)


read_settings()

# This file may have been found through a link that will lead to a newer release. Use the real path,
# so that this server always loads code of its own release.
chdir = str(HERE)
sys.path[:] = [os.path.realpath(path) if path else path for path in sys.path]


class WithoutAddresses(logging.Filter):
    """Removes URLs from gunicorn's messages about requests that it can't serve, because a URL may
    be a secret.
    """

    def filter(self, record):
        """Remove URLs from the message; let every record pass."""
        words = record.getMessage()
        if record.levelno >= logging.WARNING and "request" in words.lower():
            record.msg, record.args = re.sub(r"/\S+", "/…", words), ()
        return True


logging.getLogger("gunicorn.error").filters[:] = [WithoutAddresses()]

# Freed memory stays in its thread's arena. Allow two arenas for all threads, as many as render
# pages at once (glibc's M_ARENA_MAX).
with suppress(OSError, AttributeError):
    ctypes.CDLL("libc.so.6").mallopt(-8, 2)

# Without Redis, streams and housekeeping are inside the process, so there may be only one.
alone = not os.environ.get("REDIS_URL", "").strip()

wsgi_app = "wsgi:app"
bind = f"{os.environ.get('BIND_HOST') or '127.0.0.1'}:{os.environ.get('PORT') or '8000'}"
worker_class = "gthread"  # slow clients are the proxy's job: docs/deploying.md
workers = 1 if alone else int(os.environ.get("WEB_CONCURRENCY") or min(os.cpu_count() or 1, 4))
threads = 32 if alone else 24  # half of them may hold streams; idle threads cost nothing
timeout = 60
graceful_timeout = 25  # seconds to finish requests; hosting platforms kill after thirty
keepalive = 30
max_requests = (
    0 if alone else 20_000
)  # requests until a worker is replaced, plus jitter so that not all are replaced at once
max_requests_jitter = 4_000
forwarded_allow_ips = ""  # the application decides whom to trust: TRUSTED_PROXIES
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None
control_socket_disable = True  # its socket would be in the home folder, which a service may lack
accesslog = None  # the application logs requests itself
reload = os.environ.get("RELOAD") == "1"
address = Path(os.environ.get("INSTANCE") or HERE / "instance") / "address"
others = None  # after USR2: a pipe with a byte for each worker except the last to become ready


def on_starting(server):
    """Refuse several processes without Redis, whatever the command line says; prepare the start."""
    if alone and server.cfg.workers > 1:
        sys.exit(
            "Without REDIS_URL there may be one worker process: limits, streams and jobs live "
            "inside it."
        )
    server.renewal = Renewal(server)
    prepare_metrics()
    note_address(server.cfg.bind[0])
    expect_workers(server.cfg.workers)
    upgrade_first()


class Before(NamedTuple):
    """What a cancelled renewal goes back to: the newest worker's age, the application's
    configuration, and the environment.
    """

    worker_age: int
    application: dict
    environment: dict


class Renewal:
    """What HUP does: start workers with the current settings, and stop the old ones once all of
    these are ready.

    gunicorn itself stops the old ones first, and halts if a new one can't start.
    """

    def __init__(self, server):
        self.server, self.reap = server, server.reap_workers
        self.before = None  # None between renewals
        server.handle_hup, server.handle_winch = self.begin, self.finish
        server.reap_workers = self.reap_or_cancel

    def begin(self):
        """Start the new workers beside the old ones."""
        server = self.server
        if self.before:
            server.log.info("Another HUP: starting new workers again.")
            self.go_back()
        self.before = Before(server.worker_age, dict(vars(server.app)), dict(os.environ))
        self.ready_count = 0
        self.ready, self.report = os.pipe()  # a byte for each new worker that is ready
        os.set_blocking(self.ready, False)
        try:
            server.app.reload()
        except SystemExit:  # gunicorn has printed the reason
            self.cancel("gunicorn.conf.py")
            return
        server.setup(server.app)
        server.log.reopen_files()
        server.num_workers += len(server.WORKERS)
        server.manage_workers()

    def fresh(self):
        """Return the workers that have started since HUP, by process id."""
        age = self.before.worker_age
        return {pid: it for pid, it in self.server.WORKERS.items() if it.age > age}

    def read_reports(self):
        """Empty the pipe; return how many new workers have become ready since the last time."""
        with suppress(BlockingIOError):
            return len(os.read(self.ready, 1000))
        return 0

    def finish(self):
        """Stop the old workers if all new ones are ready; each sends WINCH when it is."""
        server = self.server
        if self.before is None:
            return
        self.ready_count += self.read_reports()
        if self.ready_count >= max(len(self.fresh()), server.cfg.workers):
            self.end()
            server.num_workers = server.cfg.workers
            server.manage_workers()

    def reap_or_cancel(self):
        """Reap dead workers. If a new one couldn't start, the old ones stay."""
        try:
            self.reap()
        except HaltServer as error:
            if self.before is None:
                raise
            self.cancel(error.reason)

    def cancel(self, why):
        """Keep the old workers, and say why there are no new ones."""
        self.server.log.error("No new workers (%s). The running ones keep their settings.", why)
        self.go_back()

    def go_back(self):
        """Stop the new workers; restore the configuration and the settings before."""
        server = self.server
        for pid, worker in self.fresh().items():
            del server.WORKERS[pid]  # otherwise the server would stop older ones instead
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
            child_exit(server, worker)
        vars(server.app).update(self.before.application)
        os.environ.clear()
        os.environ.update(self.before.environment)
        self.end()
        server.setup(server.app)

    def end(self):
        """End the renewal. Its workers that aren't ready yet find the pipe closed."""
        self.before = None
        os.close(self.ready)
        os.close(self.report)


def pre_fork(server, worker):
    """During a renewal, let the worker say when it is ready."""
    worker.report = server.renewal.report if server.renewal.before else None


def post_fork(server, worker):
    """Leave the reading of the pipe to the server."""
    if worker.report is not None:
        os.close(server.renewal.ready)


def tell_ready(worker):
    """During a renewal, tell the server that this worker is ready.

    If the renewal was cancelled, stop: the signal to do so may have come before this process
    listened to signals.
    """
    if worker.report is None:
        return
    try:
        os.write(worker.report, b".")
        os.kill(worker.ppid, signal.SIGWINCH)
    except BrokenPipeError:
        worker.alive = False
    finally:
        os.close(worker.report)


def prepare_metrics():
    """Create an empty folder for metrics of all processes, before any of them starts."""
    chosen = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if chosen and os.environ.get("FOLKMOOT_MEASURES") != chosen:
        Path(chosen).mkdir(parents=True, exist_ok=True)
        for path in Path(chosen).glob("*.db"):
            path.unlink()
        return
    forget_dead_servers()
    # After USR2 the environment names the old server's folder, which it still uses.
    folder = tempfile.mkdtemp(prefix=f"folkmoot-measures-{os.getpid()}-", dir=worker_tmp_dir)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = os.environ["FOLKMOOT_MEASURES"] = folder


def note_address(listens):
    """Record the server's address for commands such as `flask create-admin`, unless SITE_URL is
    set.
    """
    if alone and not os.environ.get("SITE_URL", "").strip():
        address.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        address.write_text("http://" + listens.replace("0.0.0.0", "127.0.0.1"))


def forget_dead_servers():
    """Delete the folders of servers that were killed."""
    for folder in Path(worker_tmp_dir or tempfile.gettempdir()).glob("folkmoot-measures-*-*"):
        try:
            os.kill(int(folder.name.split("-")[2]), 0)
        except ProcessLookupError:
            shutil.rmtree(folder, ignore_errors=True)
        except OSError:
            continue  # the server is running, under another user


def child_exit(server, worker):
    """Drop the gauges of a process that has ended; its counters stay."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)


def on_exit(server):
    """Delete our metrics folder and the recorded address."""
    if alone:
        address.unlink(missing_ok=True)
    folder = os.environ.get("FOLKMOOT_MEASURES", "")
    if f"-{os.getpid()}-" in Path(folder).name:
        shutil.rmtree(folder, ignore_errors=True)


# gunicorn starts the second server with the first one's process id in GUNICORN_PID:
# `Arbiter.reexec` of gunicorn/arbiter.py sets it, and removes it once the first has gone
# (`maybe_promote_master`). Its documentation (docs.gunicorn.org, “Signal Handling”, “Upgrading to a
# new binary on the fly”) mentions only the second server's pid file, that of --pid with “.2”
# appended. We have no pid file, because systemd needs none. If the variable disappears,
# tests/deploy/test_reloading.py fails.
def expect_workers(number):
    """After USR2, let each ready worker take a byte from a pipe; the one that finds none left is
    the last.
    """
    global others
    if "GUNICORN_PID" in os.environ:
        others, source = os.pipe()
        os.write(source, b"." * (number - 1))
        os.close(source)


def take_over():
    """Stop the server that started this one by USR2, once all our workers are ready."""
    old = os.environ.get("GUNICORN_PID")
    if old is None or others is None or os.read(others, 1):
        return
    tell_systemd(f"MAINPID={os.getppid()}")
    with suppress(ProcessLookupError):
        os.kill(int(old), signal.SIGTERM)


def tell_systemd(state):
    """Notify systemd, if it wants to know (`NotifyAccess=all`)."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if address:
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
            line.sendto(state.encode(), "\0" + address[1:] if address.startswith("@") else address)


def upgrade_first():
    """With UPGRADE_ON_START (as in `make run`), migrate the database before serving anyone."""
    if os.environ.get("UPGRADE_ON_START") != "1":
        return
    from flask_migrate import upgrade

    from webapp import create_app
    from webapp.core.extensions import db

    app = create_app()
    with app.app_context():
        upgrade()
        db.engine.dispose()  # workers must not inherit connections


def post_worker_init(worker):
    """Set the limits of streams and metrics; without Redis also start the housekeeping thread."""
    from webapp.core import live
    from webapp.core.extensions import db
    from webapp.core.observability import metrics

    app = worker.app.wsgi()
    live.configure_worker(app, worker)
    with app.app_context():
        overflow = app.config["SQLALCHEMY_ENGINE_OPTIONS"].get("max_overflow", 0)
        metrics.set_limits(db.engine.pool, overflow, app.extensions["live"].places)
    if alone:
        from webapp.core.jobs import housekeeping

        housekeeping.start(app)
    if worker.age == 1:
        from webapp.ops import db_logging_check

        db_logging_check.warn(app)
        if not app.config["PRODUCTION"]:
            print(greeting(app), flush=True)
    take_over()
    tell_ready(worker)


def greeting(app):
    """Return where to go, for someone who has just started the server by hand."""
    site = app.config["SITE_URL"]
    lines = [f"{app.config['SITE_NAME']} is at {site}"]
    if app.config.get("DEV_MAIL"):
        lines.append(f"  its emails appear at {site}/dev/emails")
    lines.append(
        "  `make demo`, in another terminal, fills it with a community; Ctrl-C stops the server"
    )
    return "\n" + "\n".join(lines) + "\n"
