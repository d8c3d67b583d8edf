"""Who sits at this browser: what a reverse proxy asks before it lets someone through to a
companion service.
"""

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ...core.http.permissions import public

bp = Blueprint("session_checks", __name__)


@bp.get("/session/check")
@public
def show() -> ResponseReturnValue:
    """Answer 204 with the person in headers, or 401.

    There is no page, redirect or cookie, and the answer must not be cached.
    """
    answer = Response(status=204 if current_user.is_authenticated else 401)
    del answer.headers["Content-Type"]
    answer.headers["Cache-Control"] = "no-store"
    if current_user.is_authenticated:
        answer.headers["X-Folkmoot-User"] = str(current_user.id)
        answer.headers["X-Folkmoot-Handle"] = current_user.handle
        answer.headers["X-Folkmoot-Roles"] = "member,admin" if current_user.is_admin else "member"
    return answer
