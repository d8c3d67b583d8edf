"""How the application is served: one process that does everything, or, with Redis, as many as there
are cores.

Command-line options win, so the `live` process of the Procfile is this file with `--worker-class
gevent`.

gunicorn reads this file at its start, and again on HUP (new workers, same server) and on USR2 (a
new server beside the old one, which leaves once the new workers are ready). Each time it reads
`.env` again: `docs/operating.md`, “Change settings”.
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

from dotenv import load_dotenv

HERE = Path(__file__).resolve().parent
#: Which variables `.env` set when it was read last. A server that was started by USR2 after a HUP
#: inherits them with it.
FROM_FILE = "FOLKMOOT_FROM_ENV_FILE"


def read_settings():
    """The environment has what `.env` says now and nothing of what it said before; variables set
    outside of it win.
    """
    for name in os.environ.pop(FROM_FILE, "").split():
        os.environ.pop(name, None)
    outside = set(os.environ)
    load_dotenv(HERE / ".env")
    os.environ[FROM_FILE] = " ".join(set(os.environ) - outside)


read_settings()

# The folder that this file was found through may be a link that leads to a newer release tomorrow.
# What this server loads then, however late, is of the release that it was started from.
chdir = str(HERE)
sys.path[:] = [os.path.realpath(path) if path else path for path in sys.path]


class WithoutAddresses(logging.Filter):
    """gunicorn's own words on a request that it can't serve: without the address, which may be a
    secret that lets people in.
    """

    def filter(self, record):
        """Every record passes."""
        words = record.getMessage()
        if record.levelno >= logging.WARNING and "request" in words.lower():
            record.msg, record.args = re.sub(r"/\S+", "/…", words), ()
        return True


logging.getLogger("gunicorn.error").filters[:] = [WithoutAddresses()]

# Memory that a thread has freed stays in its arena: two for all threads, as many as draw pages at
# once (glibc's M_ARENA_MAX).
with suppress(OSError, AttributeError):
    ctypes.CDLL("libc.so.6").mallopt(-8, 2)

# Without Redis, streams and housekeeping live inside the process: there may be only one.
alone = not os.environ.get("REDIS_URL", "").strip()

wsgi_app = "wsgi:app"
bind = f"{os.environ.get('BIND_HOST') or '127.0.0.1'}:{os.environ.get('PORT') or '8000'}"
worker_class = "gthread"  # slow clients are the proxy's work: docs/deploying.md
workers = 1 if alone else int(os.environ.get("WEB_CONCURRENCY") or min(os.cpu_count() or 1, 4))
threads = 32 if alone else 24  # half of them may hold streams; idle ones cost nothing
timeout = 60
graceful_timeout = (
    25  # for what is under way when we are told to stop; hosts kill after thirty seconds
)
keepalive = 30
max_requests = (
    0 if alone else 20_000
)  # a worker is renewed after so many, and not all of them at once
max_requests_jitter = 4_000
forwarded_allow_ips = (
    ""  # whom to believe is decided in one place, by the application: TRUSTED_PROXIES
)
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None
control_socket_disable = True  # it would write to the home folder, which a service need not have
accesslog = None  # the application logs its requests itself
reload = os.environ.get("RELOAD") == "1"
address = Path(os.environ.get("INSTANCE") or HERE / "instance") / "address"
others = None  # after USR2: a pipe with a byte for each worker but the last one to get ready


def on_starting(server):
    """Whatever the command line says, there is one process without Redis; what the processes
    measure has a folder.
    """
    if alone and server.cfg.workers > 1:
        sys.exit(
            "Without REDIS_URL there may be one worker process: limits, streams and jobs live "
            "inside it."
        )
    prepare_metrics()
    note_address(server.cfg.bind[0])
    expect_workers(server.cfg.workers)
    upgrade_first()


def prepare_metrics():
    """An empty folder into which every process writes what it measures, known before any of them
    is started.
    """
    chosen = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if chosen and os.environ.get("FOLKMOOT_MEASURES") != chosen:
        Path(chosen).mkdir(parents=True, exist_ok=True)
        for path in Path(chosen).glob("*.db"):
            path.unlink()
        return
    forget_dead_servers()
    # After USR2 the older server's folder stands in the environment: it still writes there.
    folder = tempfile.mkdtemp(prefix=f"folkmoot-measures-{os.getpid()}-", dir=worker_tmp_dir)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = os.environ["FOLKMOOT_MEASURES"] = folder


def note_address(listens):
    """Commands such as `flask create-admin` print where this server is, unless SITE_URL says so."""
    if alone and not os.environ.get("SITE_URL", "").strip():
        address.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        address.write_text("http://" + listens.replace("0.0.0.0", "127.0.0.1"))


def forget_dead_servers():
    """The folders of servers that were killed, and could not clear up, are gone."""
    for folder in Path(worker_tmp_dir or tempfile.gettempdir()).glob("folkmoot-measures-*-*"):
        try:
            os.kill(int(folder.name.split("-")[2]), 0)
        except ProcessLookupError:
            shutil.rmtree(folder, ignore_errors=True)
        except OSError:
            continue  # it runs, and is someone else's


def child_exit(server, worker):
    """What a process that has gone held open counts no more; what it had counted stays."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)


def on_exit(server):
    """The folder that we made is gone, and so is the note of our address."""
    if alone:
        address.unlink(missing_ok=True)
    folder = os.environ.get("FOLKMOOT_MEASURES", "")
    if f"-{os.getpid()}-" in Path(folder).name:
        shutil.rmtree(folder, ignore_errors=True)


# gunicorn starts the second server with the first one's process id in GUNICORN_PID:
# `Arbiter.reexec` of gunicorn/arbiter.py sets it, and removes it once the first has gone
# (`maybe_promote_master`). Its documentation (docs.gunicorn.org, “Signal Handling”, “Upgrading to a
# new binary on the fly”) names only the pid file that the second one writes: that of --pid with
# “.2” behind it. We have no pid file, for systemd needs none. tests/deploy/test_reloading.py fails
# should the variable go.
def expect_workers(number):
    """After USR2 each worker that is ready takes a byte from the pipe; the one that finds none
    left is the last.
    """
    global others
    if "GUNICORN_PID" in os.environ:
        others, source = os.pipe()
        os.write(source, b"." * (number - 1))
        os.close(source)


def take_over():
    """The server that started this one by USR2 is told to leave: all of our workers are ready,
    and no request waits for them.
    """
    old = os.environ.get("GUNICORN_PID")
    if old is None or others is None or os.read(others, 1):
        return
    tell_systemd(f"MAINPID={os.getppid()}")
    with suppress(ProcessLookupError):
        os.kill(int(old), signal.SIGTERM)


def tell_systemd(state):
    """systemd knows it, where it asked for such news (`NotifyAccess=all`)."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if address:
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
            line.sendto(state.encode(), "\0" + address[1:] if address.startswith("@") else address)


def upgrade_first():
    """With UPGRADE_ON_START (as `make run` sets it) the database is at its newest form before
    anybody is served.
    """
    if os.environ.get("UPGRADE_ON_START") != "1":
        return
    from flask_migrate import upgrade

    from webapp import create_app
    from webapp.core.extensions import db

    app = create_app()
    with app.app_context():
        upgrade()
        db.engine.dispose()  # no connection may pass into the workers


def post_worker_init(worker):
    """Streams get their places, metrics their bounds; without Redis the process also drains the
    outbox and keeps the clock.
    """
    from webapp.core import live
    from webapp.core.extensions import db
    from webapp.core.observability import metrics

    app = worker.app.wsgi()
    live.configure_worker(app, worker)
    with app.app_context():
        metrics.set_limits(db.engine.pool, app.extensions["live"].places)
    if alone:
        from webapp.core.jobs import housekeeping

        housekeeping.start(app)
    if worker.age == 1:
        from webapp.ops import db_logging_check

        db_logging_check.warn(app)
        if not app.config["PRODUCTION"]:
            print(greeting(app), flush=True)
    take_over()


def greeting(app):
    """Where to go, for someone who has just started the server by hand."""
    site = app.config["SITE_URL"]
    lines = [f"{app.config['SITE_NAME']} is at {site}"]
    if app.config.get("DEV_MAIL"):
        lines.append(f"  its mails appear at {site}/dev/emails")
    lines.append(
        "  `make demo`, in another terminal, fills it with a community; Ctrl-C stops the server"
    )
    return "\n" + "\n".join(lines) + "\n"
