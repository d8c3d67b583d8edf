"""Show a page as someone else sees it: call the real route in a request of its own, so that nothing
can differ.
"""

import re
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException

from ..db.engine import reading
from ..library_internals import set_reader

#: Headers of the real person that the imagined request must not have.
_OWN = (
    "HTTP_COOKIE",
    "HTTP_HX_",
    "HTTP_AUTHORIZATION",
    "HTTP_IF_",
    "werkzeug.",
    "flask.",
    "wsgi.input",
)

CSP = (
    "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'none'; connect-src "
    "'none'; "
    "frame-ancestors 'none'; img-src 'self'; script-src 'none'; style-src 'self'"
)
_SCRIPT = re.compile(r"<script\b[^>]*></script>\n?")
_MAIN = re.compile(r'<main id="main"[^>]*>')


def render_as(user: Any, url: str) -> Response:
    """Return the answer to GET `url` for `user`, who may be a visitor or an unsaved user; errors as
    pages.

    No cookies go in or out, so forms have tokens of no session. The caller has released its
    connection.
    """
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    only_reads = reading.set(True)
    try:
        with app.app_context(), app.request_context(_environ(url)):
            set_reader(user)
            return _drawn(app)
    finally:
        reading.reset(only_reads)


def _drawn(app: Flask) -> Response:
    try:
        answer: Response = app.make_response(app.dispatch_request())
    except HTTPException as broken:
        answer = app.make_response(app.handle_user_exception(broken))
    answer.get_data()  # now, while the request context exists
    return answer


def _environ(url: str) -> dict[str, Any]:
    target = urlsplit(url)
    kept = {name: value for name, value in request.environ.items() if not name.startswith(_OWN)}
    return {
        **kept,
        "REQUEST_METHOD": "GET",
        "PATH_INFO": target.path,
        "QUERY_STRING": target.query,
        "REQUEST_URI": url,
        "RAW_URI": url,
        "CONTENT_LENGTH": "0",
    }


def as_page(page: str, banner: str) -> Response:
    """Return that page for the person who looks, without scripts and with the note `banner` on top.

    It can't send forms; their tokens belong to no session.
    """
    answer = Response(
        _MAIN.sub(lambda found: found.group() + banner, _SCRIPT.sub("", page), count=1)
    )
    answer.headers["Content-Security-Policy"] = CSP
    return answer
