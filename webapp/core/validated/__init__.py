"""Pages that are the same for every visitor: kept, and shown again only as long as nothing has been
committed since.

A route says `@validated` under its `@public`. A browser without a session then costs one small
question to the database, "what has been committed so far?" (`state`), and gets the page from memory
(`front`), or 304 if it has it already. There is no list of what a page depends on that somebody
could forget to lengthen: any commit makes every kept page be drawn anew, and so does every new
minute, for what changes with the clock. `docs/decisions/0015-validated-pages.md` says why.
"""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, Response, current_app, g, make_response, request, session

from .front import Front, Kept

View = Callable[..., Any]

#: Nothing between us and a browser shows a page for longer than this second without asking;
#: browsers always ask.
PUBLIC = "public, max-age=0, s-maxage=1, must-revalidate"
PRIVATE = "private, no-store"
VARY = (
    "Cookie",
    "Accept-Language",
    "Accept-Encoding",
    "HX-Request",
    "HX-Target",
    "HX-Request-Type",
)


def init_app(app: Flask) -> None:
    """Every answer says who may keep it.

    To be called before what changes bodies (compression) or serves other files.
    """
    front = Front(app)
    app.extensions["validated"] = front
    app.wsgi_app = front  # type: ignore[method-assign]
    app.config["COMPRESS_EVALUATE_CONDITIONAL_REQUEST"] = (
        False  # _keep does, once the page is on the shelf
    )
    app.after_request(_keep)


def validated(view: View) -> View:
    """The route's page is kept for visitors; for whoever has a session it is made as always."""

    @wraps(view)
    def inner(*args: Any, **kwargs: Any) -> Any:
        front: Front = current_app.extensions["validated"]
        if not front.has_session(request.environ):
            state = front.state_of(request.environ)
            if state is not None:
                g.to_keep = state
        return make_response(view(*args, **kwargs))

    return inner


def say_who_may_keep(response: Response) -> Response:
    """The answer says for whom it is: a validated page for all, to be asked for again by its
    tag; all else for one.
    """
    if "Cache-Control" in response.headers or request.method not in {"GET", "HEAD"}:
        return response
    if response.status_code != 200 or "to_keep" not in g or session or session.modified:
        response.headers["Cache-Control"] = PRIVATE
        return response
    response.headers["Cache-Control"] = PUBLIC
    response.vary.update(VARY)
    response.set_etag(hashlib.blake2b(response.get_data(), digest_size=12).hexdigest(), weak=True)
    return response


def _keep(response: Response) -> Any:
    """Last of all: the page is kept as it leaves, and who has it already is told so."""
    if response.headers.get("Cache-Control") != PUBLIC:
        return response
    kept = Kept(
        g.to_keep,
        request.endpoint or "",
        response.headers["ETag"],
        response.get_data(),
        list(response.headers),
    )
    front: Front = current_app.extensions["validated"]
    key = front.key_of(request.environ)
    size = len(kept.body) + sum(
        len(part or "") for part in key
    )  # whoever asks chooses how long a key is
    front.shelf.put(key, kept, size)
    return response.make_conditional(request)
