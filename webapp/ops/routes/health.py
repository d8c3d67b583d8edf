"""Is it alive, and can it serve: for people's monitors, proxies and hosts."""

import sqlalchemy as sa
import structlog
from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue

from ...core import migrating
from ...core.extensions import db
from ...core.permissions import public

bp = Blueprint("health", __name__, url_prefix="/health")
log = structlog.get_logger(__name__)


@bp.get("")
@public
def show() -> ResponseReturnValue:
    """The process answers."""
    return _plain({"status": "alive"})


@bp.get("/live")
@public
def live() -> ResponseReturnValue:
    """The process answers; restart it when this fails."""
    return _plain({"status": "alive"})


@bp.get("/ready")
@public
def ready() -> ResponseReturnValue:
    """The database answers and has every table that this code needs; send requests only while this holds."""
    try:
        with db.engine.connect() as connection:
            behind = migrating.is_behind(connection)
    except sa.exc.SQLAlchemyError as error:
        log.warning("not_ready", error=type(error).__name__)
        return _plain({"status": "not ready", "database": "away"}, 503)
    if behind:
        return _plain({"status": "not ready", "database": "here", "migrations": "waiting"}, 503)
    return _plain({"status": "ready", "database": "here", "migrations": "done"})


def _plain(body: dict[str, str], status: int = 200) -> ResponseReturnValue:
    response: Response = jsonify(body)
    response.headers["Cache-Control"] = "no-store"
    return response, status
