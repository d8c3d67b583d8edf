"""Health and metrics for monitoring, status and failed jobs for admins, and the retention page."""

from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from ..core.http.pages import render_page
from ..core.http.permissions import (
    actor,
    admins_only,
    knows_token,
    machines_and_admins,
    machines_only,
    public,
)
from ..core.http.submit import done
from ..core.jobs import queue
from ..core.jobs.queue_status import QueueStatus, QueueUnavailable
from ..mail import dead_letters, status
from . import failed_jobs, site_metrics
from .health import FAILING, checks, labels, run_checks, worst
from .retention.table import ALL, KEPT

# Liveness and readiness, for monitors, proxies and hosts.

health_bp = Blueprint("health", __name__, url_prefix="/health")


@health_bp.get("", endpoint="show")
@public
def show_health() -> ResponseReturnValue:
    """Say that the process answers."""
    return _plain({"status": "alive"})


@health_bp.get("/live")
@public
def live() -> ResponseReturnValue:
    """Say that the process answers; restart it if this fails."""
    return _plain({"status": "alive"})


@health_bp.get("/ready")
@public
def ready() -> ResponseReturnValue:
    """Say that the database answers and has all tables; send requests only then."""
    [database] = run_checks([checks.database])
    if database.problem == "migrations":
        return _plain({"status": "not ready", "database": "here", "migrations": "waiting"}, 503)
    if database.state == FAILING:
        return _plain({"status": "not ready", "database": "away"}, 503)
    return _plain({"status": "ready", "database": "here", "migrations": "done"})


def _plain(body: dict[str, str], status: int = 200) -> ResponseReturnValue:
    response: Response = jsonify(body)
    response.headers["Cache-Control"] = "no-store"
    return response, status


bp = Blueprint("status", __name__, url_prefix="/health/status")


@bp.get("")
@machines_and_admins
def show() -> ResponseReturnValue:
    """Show the state of database, Redis, queue, clock, files and email, within two seconds.

    As JSON: 503 if one of them fails.
    """
    parts = run_checks(checks.all_checks())
    state = worst(parts)
    if knows_token() or request.accept_mimetypes.best == "application/json":
        response = jsonify(status=state, parts={part.name: part.as_json() for part in parts})
        response.headers["Cache-Control"] = "no-store"
        return response, 503 if state == FAILING else 200
    return render_page(
        "status/show.html", {"parts": "status/_parts.html"}, parts=parts, state=state, words=labels
    )


queue_bp = Blueprint("site_queue", __name__, url_prefix="/admin/queue")
_OF = "/<any(jobs, emails):pile>/<any(retrial, removal):what>"


@queue_bp.get("")
@admins_only
def index() -> ResponseReturnValue:
    """Show workers, waiting and failed jobs, schedules, and emails that couldn't be delivered."""
    emails: dict[str, Any] = {
        "states": status.by_state(),
        "dead": dead_letters.newest(),
        "ago": labels.ago,
        "duration": labels.duration,
    }
    is_alone = not current_app.config["REDIS_URL"]
    return render_page(
        "queue/index.html", {"work": "queue/_work.html"}, load=_load(), is_alone=is_alone, **emails
    )


def _load() -> QueueStatus | None:
    """Return the queue's status; None if Redis doesn't respond."""
    try:
        return queue.workload(current_app._get_current_object())  # type: ignore[attr-defined]
    except QueueUnavailable:
        return None


@queue_bp.get(_OF)
@admins_only
def ask(pile: str, what: str) -> ResponseReturnValue:
    """Confirm retrying or discarding one failed job or email, or all."""
    id = request.args.get("id", "")
    return render_page(
        f"queue/{pile}_{what}.html", pile=pile, what=what, id=id, name=failed_jobs.name_of(pile, id)
    )


@queue_bp.post(_OF)
@admins_only
def act(pile: str, what: str) -> ResponseReturnValue:
    """Retry or discard one failed job or email, or all."""
    number = failed_jobs.act(pile, what, request.form.get("id", ""), by=actor())
    return done(url_for("site_queue.index"), _done(what, number))


def _done(what: str, number: int) -> str:
    if not number:
        return _("Nothing to do. Someone else has already done it.")
    if what == failed_jobs.RETRIAL:
        return ngettext("It will be tried again.", "%(num)d will be tried again.", number)
    return ngettext("Discarded.", "%(num)d discarded.", number)


# Metrics for Prometheus.

metrics_bp = Blueprint("metrics", __name__, url_prefix="/metrics")


@metrics_bp.get("", endpoint="show")
@machines_only
def show_metrics() -> Response:
    """Serve metrics of all processes: requests, statements, streams, connections, queue, outbox."""
    response = Response(generate_latest(site_metrics.registry()), content_type=CONTENT_TYPE_LATEST)
    response.headers["Cache-Control"] = "no-store"
    return response


# How long data is kept, from the table that the daily job uses.

retention_bp = Blueprint("retention", __name__)


@retention_bp.get("/privacy/retention", endpoint="show")
@public
def show_retention() -> ResponseReturnValue:
    """Show how long everything is kept."""
    return render_page("privacy/retention.html", lines=ALL, kept=KEPT.values())


BLUEPRINTS = [health_bp, bp, metrics_bp, queue_bp, retention_bp]
