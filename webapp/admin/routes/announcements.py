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
    """What is announced, with the button that puts it away: visitors' other pages hold no form."""
    return render_page(
        "admin/announced.html", announced=announcements.current(), back=safe_target(page_before())
    )


@bp.post("/dismissal")
@public
def delete() -> ResponseReturnValue:
    """This browser shows it no more, until something else is announced."""
    session[_KEY] = request.form.get("id", "")[:40]
    if wanted_fragment() is not None:
        return make_response("", 200)
    return redirect_303(safe_target(request.form.get("next")))
