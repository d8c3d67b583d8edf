"""Where people come back to once they have signed in or signed up: the page that they came from."""

from urllib.parse import quote

from flask import Flask, g, request
from werkzeug.exceptions import HTTPException

from .permissions import page_before

#: Blueprints whose pages lead in. They pass on the way back that they were given.
WAYS_IN = {"sign_ins", "sign_ups", "invited_sign_ups", "resets", "verifications"}


def init_app(app: Flask) -> None:
    """Add `way_back()` and `next_query(path)` to templates."""
    app.jinja_env.globals.update(way_back=way_back, next_query=next_query)


def way_back() -> str:
    """Return the path to which this page's links to the sign-in lead back; "" is the first page.

    The URL of a page that only its link opens is a secret. So it isn't passed on, unless its route
    says where to (`lead_back_to`).
    """
    if "way_back" in g:
        return str(g.way_back)
    if request.blueprint in WAYS_IN:
        return _handed_on()
    if "token" in (request.view_args or {}):
        return ""
    path = request.full_path.rstrip("?") if request.method == "GET" else page_before()
    return "" if path == "/" else path


def _handed_on() -> str:
    try:
        return request.values.get("next", "")
    except HTTPException:  # a form too large to be read: its error page has links, too
        return request.args.get("next", "")


def lead_back_to(path: str) -> None:
    """Let the links to the sign-in on this request's page lead back to `path`."""
    g.way_back = path


def next_query(path: str) -> str:
    """Return the query that hands the path to the sign-in or the sign-up."""
    return f"?next={quote(path)}" if path else ""
