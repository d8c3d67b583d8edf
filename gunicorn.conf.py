"""How the application is served: one process that does everything, or, with Redis, as many as there are cores.

Read by `gunicorn` from the folder it starts in. Command-line options win, so the `live` process of the
Procfile is this file with `--worker-class gevent`.
"""

import os
from pathlib import Path

from dotenv import load_dotenv

load_dotenv(Path(__file__).resolve().parent / ".env")

# Without Redis, streams and housekeeping live inside the process: there may be only one.
alone = not os.environ.get("REDIS_URL", "").strip()

wsgi_app = "wsgi:app"
bind = f"{os.environ.get('BIND_HOST') or '127.0.0.1'}:{os.environ.get('PORT') or '8000'}"
worker_class = "gthread"
workers = 1 if alone else int(os.environ.get("WEB_CONCURRENCY") or min(os.cpu_count() or 1, 4))
threads = 32 if alone else 24  # half of them may hold streams; idle ones cost nothing
timeout = 60
graceful_timeout = 30
keepalive = 30
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None
control_socket_disable = True  # it would write to the home folder, which a service need not have
accesslog = None  # the application logs its requests itself
reload = os.environ.get("RELOAD") == "1"


def on_starting(server):
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
    """Streams get their places; without Redis the process also drains the outbox and keeps the clock."""
    from webapp.core import live

    app = worker.app.wsgi()
    live.settle(app, worker)
    if alone:
        from webapp.core import housekeeping

        housekeeping.start(app)
    if worker.age == 1 and not app.config["PRODUCTION"]:
        print(greeting(app), flush=True)


def greeting(app):
    """Where to go, for somebody who has just started the server by hand."""
    site = app.config["SITE_URL"]
    lines = [f"{app.config['SITE_NAME']} is at {site}"]
    if app.config.get("DEV_MAIL"):
        lines.append(f"  its mails appear at {site}/dev/mail")
    lines.append("  `make demo`, in another terminal, fills it with a community; Ctrl-C stops the server")
    return "\n" + "\n".join(lines) + "\n"
