"""Declare who may use a route.

Each route has exactly one of these decorators; a test checks all routes.
"""

import hmac
from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlsplit

from flask import Response, abort, current_app, make_response, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from . import form_recovery
from .pages import redirect_303

View = TypeVar("View", bound=Callable[..., Any])


class PermissionTable(NamedTuple):
    """Who may do what in one kind of place, for the code and for the page `/roles`.

    `roles` are pairs of name and label, in the order of the columns. `actions` maps an action to
    the roles that may do it, `sentences` to its description.
    """

    title: Any
    roles: list[tuple[str, Any]]
    actions: dict[str, frozenset[str]]
    sentences: dict[str, Any]


#: The only role for the whole site.
ADMIN = "admin"
#: Name -> table, such as "group". Each feature's `access` adds its own; `/roles` shows them all.
TABLES: dict[str, PermissionTable] = {}


def public(view: View) -> View:
    """Let anyone use the route. Its loader still decides what they see."""
    view.permission = "public"  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Let signed-in people use the route; send others to the sign-in and back."""
    return _guarded(view, "signed_in")


def permission(name: str) -> Callable[[View], View]:
    """Let signed-in people use the route; its loader checks `name` in the access table."""
    return lambda view: _guarded(view, name)


def admins_only(view: View) -> View:
    """Let admins use the route; others get 404."""
    return admins_may("site:admin")(view)


def admins_may(action: str) -> Callable[[View], View]:
    """Let those use the route who may do `action` by the table "site"; others get 404."""

    def decorate(view: View) -> View:
        guarded = _guarded(view, action)

        @wraps(guarded)
        def inner(*args: Any, **kwargs: Any) -> ResponseReturnValue:
            if current_user.is_authenticated and not may_on_site(current_user, action):
                abort(404)
            return guarded(*args, **kwargs)

        return inner  # type: ignore[return-value]

    return decorate


def may_on_site(user: Any, action: str) -> bool:
    """Whether `user` may do this on the site. Their roles in groups don't matter."""
    return bool(user.is_admin) and ADMIN in TABLES["site"].actions[action]


def machines_and_admins(view: View) -> View:
    """Let admins and scripts with METRICS_TOKEN use the route; others get 404."""
    for_admins = admins_only(view)

    @wraps(for_admins)
    def inner(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        return view(*args, **kwargs) if knows_token() else for_admins(*args, **kwargs)

    return inner  # type: ignore[return-value]


def machines_only(view: View) -> View:
    """Let scripts with METRICS_TOKEN use the route: 401 without it, 404 if none is configured."""

    @wraps(view)
    def inner(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        if not current_app.config["METRICS_TOKEN"]:
            abort(404)
        if not knows_token():
            return Response(
                "This takes METRICS_TOKEN.\n",
                401,
                {"WWW-Authenticate": "Bearer"},
                mimetype="text/plain",
            )
        return view(*args, **kwargs)

    inner.permission = "token"  # type: ignore[attr-defined]
    return inner  # type: ignore[return-value]


def knows_token() -> bool:
    """Whether the request's bearer token is METRICS_TOKEN; compared in constant time."""
    token: str = current_app.config["METRICS_TOKEN"]
    given = request.authorization
    if not token or given is None or given.type != "bearer":
        return False
    return hmac.compare_digest((given.token or "").encode(), token.encode())


def _guarded(view: View, name: str) -> View:
    @wraps(view)
    def inner(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        if not current_user.is_authenticated:
            if (
                request.method == "POST"
                and form_recovery.carries_words()
                and request.headers.get("HX-Request") != "true"
            ):
                abort(401)  # its page shows what was written
            return to_sign_in()
        return view(*args, **kwargs)

    inner.permission = name  # type: ignore[attr-defined]
    return inner  # type: ignore[return-value]


def acts_alone(view: View) -> View:
    """Let no other change of the same person run beside this one, which may end a right of theirs.

    Sharing the lock first and taking it alone afterwards would make a double click a deadlock. See
    `actor_lock`.
    """
    view.acts_alone = True  # type: ignore[attr-defined]
    return view


def is_alone(view: Callable[..., Any] | None) -> bool:
    """Whether the route is marked by `acts_alone`."""
    return getattr(view, "acts_alone", False)


def actor() -> Any:
    """Return the signed-in user for rules: the row itself, which outlives the request's proxy."""
    return current_user._get_current_object()


def to_sign_in() -> ResponseReturnValue:
    """Redirect to the sign-in, which leads back to the current page."""
    if request.headers.get("HX-Request") == "true":
        response = make_response("", 200)
        response.headers["HX-Redirect"] = url_for("sign_ins.new", next=page_before() or "/")
        return response
    target = request.full_path.rstrip("?") if request.method == "GET" else page_before()
    return redirect_303(url_for("sign_ins.new", next=target or "/"))


def page_before() -> str:
    """Return the path of the page that the request came from, or "" if the browser doesn't say."""
    try:
        return urlsplit(request.headers.get("HX-Current-URL") or request.referrer or "").path
    except ValueError:
        return ""
