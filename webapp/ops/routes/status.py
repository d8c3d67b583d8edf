"""How every part of the site is: a page for admins, JSON for scripts."""

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from ...core.pages import render_page
from ...core.permissions import knows_token, machines_and_admins
from ..watching import FAILING, asked, checks, words, worst

bp = Blueprint("status", __name__, url_prefix="/health/status")


@bp.get("")
@machines_and_admins
def show() -> ResponseReturnValue:
    """Database, Redis, queue, clock and mail: how they are now, within two seconds.

    As JSON 503 when one of them fails.
    """
    parts = asked(checks.all_checks())
    state = worst(parts)
    if knows_token() or request.accept_mimetypes.best == "application/json":
        response = jsonify(status=state, parts={part.name: part.as_json() for part in parts})
        response.headers["Cache-Control"] = "no-store"
        return response, 503 if state == FAILING else 200
    return render_page(
        "status/show.html", {"parts": "status/_parts.html"}, parts=parts, state=state, words=words
    )
