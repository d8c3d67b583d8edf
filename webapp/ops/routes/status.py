"""How every part of the site is: a page for admins, JSON for scripts."""

from typing import Any

from flask import Blueprint, current_app, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from ...core.http.pages import render_page
from ...core.http.permissions import actor, admins_only, knows_token, machines_and_admins
from ...core.http.submit import done
from ...core.jobs import queue
from ...core.jobs.queue_status import QueueStatus, QueueUnavailable
from ...mail import dead_letters, status
from .. import failed_jobs
from ..health import FAILING, checks, labels, run_checks, worst

bp = Blueprint("status", __name__, url_prefix="/health/status")


@bp.get("")
@machines_and_admins
def show() -> ResponseReturnValue:
    """Show how database, Redis, queue, clock, files and mail are, within two seconds.

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
_OF = "/<any(jobs, letters):pile>/<any(retrial, removal):what>"


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
    """None: Redis does not answer."""
    try:
        return queue.workload(current_app._get_current_object())  # type: ignore[attr-defined]
    except QueueUnavailable:
        return None


@queue_bp.get(_OF)
@admins_only
def ask(pile: str, what: str) -> ResponseReturnValue:
    """Ask before one failed job or email, or all, are tried again or discarded."""
    id = request.args.get("id", "")
    return render_page(
        f"queue/{pile}_{what}.html", pile=pile, what=what, id=id, name=failed_jobs.name_of(pile, id)
    )


@queue_bp.post(_OF)
@admins_only
def act(pile: str, what: str) -> ResponseReturnValue:
    """Try again or discard."""
    number = failed_jobs.act(pile, what, request.form.get("id", ""), by=actor())
    return done(url_for("site_queue.index"), _done(what, number))


def _done(what: str, number: int) -> str:
    if not number:
        return _("Nothing to do. Someone else has already done it.")
    if what == failed_jobs.RETRIAL:
        return ngettext("It will be tried again.", "%(num)d will be tried again.", number)
    return ngettext("Discarded.", "%(num)d discarded.", number)
