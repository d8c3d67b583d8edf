"""How the application is served: one process that does everything, or, with Redis, as many as there are cores.

Read by `gunicorn` from the folder it starts in. Command-line options win, so the `live` process of the
Procfile is this file with `--worker-class gevent`.
"""

import ctypes
import os
import shutil
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from dotenv import load_dotenv

load_dotenv(Path(__file__).resolve().parent / ".env")

# Memory that a thread has freed stays in its arena: two for all threads, as many as draw pages at once (glibc's M_ARENA_MAX).
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
graceful_timeout = 25  # for what is under way when we are told to stop; hosts kill after thirty seconds
keepalive = 30
max_requests = 0 if alone else 20_000  # a worker is renewed after so many, and not all of them at once
max_requests_jitter = 4_000
forwarded_allow_ips = ""  # whom to believe is decided in one place, by the application: TRUSTED_PROXIES
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None
control_socket_disable = True  # it would write to the home folder, which a service need not have
accesslog = None  # the application logs its requests itself
reload = os.environ.get("RELOAD") == "1"
address = Path(os.environ.get("INSTANCE") or Path(__file__).resolve().parent / "instance") / "address"
measures = ""  # the folder for metrics, where we have made it


def on_starting(server):
    """Whatever the command line says, there is one process without Redis; what the processes measure has a folder."""
    if alone and server.cfg.workers > 1:
        sys.exit("Without REDIS_URL there may be one worker process: limits, streams and jobs live inside it.")
    prepare_metrics()
    note_address(server.cfg.bind[0])
    upgrade_first()


def prepare_metrics():
    """An empty folder into which every process writes what it measures, known before any of them is started."""
    global measures
    chosen = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if chosen and os.environ.get("FOLKMOOT_MEASURES") != chosen:
        Path(chosen).mkdir(parents=True, exist_ok=True)
        for path in Path(chosen).glob("*.db"):
            path.unlink()
        return
    forget_dead_servers()
    # After USR2 the older server's folder stands in the environment: it still writes there.
    measures = tempfile.mkdtemp(prefix=f"folkmoot-measures-{os.getpid()}-", dir=worker_tmp_dir)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = os.environ["FOLKMOOT_MEASURES"] = measures


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
            continue  # it runs, and is somebody else's


def child_exit(server, worker):
    """What a process that has gone held open counts no more; what it had counted stays."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)


def on_exit(server):
    """The folder that we made is gone, and so is the note of our address."""
    if alone:
        address.unlink(missing_ok=True)
    if measures:
        shutil.rmtree(measures, ignore_errors=True)


def upgrade_first():
    """With UPGRADE_ON_START (as `make run` sets it) the database is at its newest form before anybody is served."""
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
    """Streams get their places, metrics their bounds; without Redis the process also drains the outbox and keeps the clock."""
    from webapp.core import live, metrics
    from webapp.core.extensions import db

    app = worker.app.wsgi()
    live.settle(app, worker)
    with app.app_context():
        metrics.settle(db.engine.pool, app.extensions["live"].places)
    if alone:
        from webapp.core import housekeeping

        housekeeping.start(app)
    if worker.age == 1:
        from webapp.ops import discretion

        discretion.warn(app)
        if not app.config["PRODUCTION"]:
            print(greeting(app), flush=True)


def greeting(app):
    """Where to go, for somebody who has just started the server by hand."""
    site = app.config["SITE_URL"]
    lines = [f"{app.config['SITE_NAME']} is at {site}"]
    if app.config.get("DEV_MAIL"):
        lines.append(f"  its mails appear at {site}/dev/mail")
    lines.append("  `make demo`, in another terminal, fills it with a community; Ctrl-C stops the server")
    return "\n" + "\n".join(lines) + "\n"
