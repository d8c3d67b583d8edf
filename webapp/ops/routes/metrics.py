"""What Prometheus reads."""

from flask import Blueprint, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from ...core.http.permissions import machines_only
from .. import site_metrics

bp = Blueprint("metrics", __name__, url_prefix="/metrics")


@bp.get("")
@machines_only
def show() -> Response:
    """Serve metrics of all processes: requests, statements, streams, connections, queue, outbox."""
    response = Response(generate_latest(site_metrics.registry()), content_type=CONTENT_TYPE_LATEST)
    response.headers["Cache-Control"] = "no-store"
    return response
