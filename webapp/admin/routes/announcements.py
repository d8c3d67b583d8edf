"""The announcement as everyone meets it: read, and put away in one's own browser."""

from typing import Any

from flask import Blueprint, has_request_context, make_response, request, session
from flask.typing import ResponseReturnValue

from ...accounts.routes.safe_redirect import safe_target
from ...core.http.pages import redirect_303, render_page, wanted_fragment
from ...core.http.permissions import page_before, public
from .. import announcements

bp = Blueprint("announcements", __name__, url_prefix="/announcement")
#: Where a browser's cookie remembers which one was put away.
_KEY = "announcement"


def here() -> Any:
    """What is announced to whoever asks: nothing once they have put it away in this browser.

    Sends no statement of its own.
    """
    found = announcements.current()
    is_read = found is not None and has_request_context() and session.get(_KEY) == found.id
    return None if is_read else found


@bp.get("")
@public
def show() -> ResponseReturnValue:
    """Show visitors the announcement with a button to dismiss it."""
    return render_page(
        "admin/announced.html", announced=announcements.current(), back=safe_target(page_before())
    )


@bp.post("/dismissal")
@public
def delete() -> ResponseReturnValue:
    """Dismiss the announcement in this browser, until there is another."""
    session[_KEY] = request.form.get("id", "")[:40]
    if wanted_fragment() is not None:
        return make_response("", 200)
    return redirect_303(safe_target(request.form.get("next")))
