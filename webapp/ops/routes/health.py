"""Is it alive, and can it serve: for people's monitors, proxies and hosts."""

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue

from ...core.http.permissions import public
from ..health import FAILING, checks, run_checks

bp = Blueprint("health", __name__, url_prefix="/health")


@bp.get("")
@public
def show() -> ResponseReturnValue:
    """Say that the process answers."""
    return _plain({"status": "alive"})


@bp.get("/live")
@public
def live() -> ResponseReturnValue:
    """Say that the process answers; restart it if this fails."""
    return _plain({"status": "alive"})


@bp.get("/ready")
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
