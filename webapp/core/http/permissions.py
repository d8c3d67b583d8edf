"""Every route says what it takes to come in.

Exactly one of these is on each; a test walks the whole map.
"""

import hmac
from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlsplit

import flask_login
from flask import Response, abort, current_app, make_response, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from . import form_recovery
from .pages import redirect_303

View = TypeVar("View", bound=Callable[..., Any])


class PermissionTable(NamedTuple):
    """Who may do what in one kind of place: what the code asks, and what the page of roles shows.

    `roles` are pairs of name and word in the order of the columns, `actions` the roles that may,
    `sentences` says each in words.
    """

    title: Any
    roles: list[tuple[str, Any]]
    actions: dict[str, frozenset[str]]
    sentences: dict[str, Any]


#: The one role that someone has on the whole site.
ADMIN = "admin"
#: "group" -> its table; each feature's `access` adds its own, and `/roles` draws them all.
TABLES: dict[str, PermissionTable] = {}


def public(view: View) -> View:
    """Anyone may come; the loader inside still decides what they see."""
    view.permission = "public"  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """People who are signed in; others are led to the sign-in and back."""
    return _guarded(view, "signed_in")


def permission(name: str) -> Callable[[View], View]:
    """People who are signed in and may do `name`, such as `event:edit`; the route's loader asks
    the access table.
    """
    return lambda view: _guarded(view, name)


def admins_only(view: View) -> View:
    """The site's admins; to everyone else the page does not exist."""
    return admins_may("site:admin")(view)


def admins_may(action: str) -> Callable[[View], View]:
    """Those who may do `action` on the site, by the table "site"; to everyone else the page does
    not exist.
    """

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
    """Whether `user` may do this on the site, whatever their roles in groups are."""
    return bool(user.is_admin) and ADMIN in TABLES["site"].actions[action]


def machines_and_admins(view: View) -> View:
    """The site's admins, and scripts that know METRICS_TOKEN; to everyone else the page does not
    exist.
    """
    for_admins = admins_only(view)

    @wraps(for_admins)
    def inner(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        return view(*args, **kwargs) if knows_token() else for_admins(*args, **kwargs)

    return inner  # type: ignore[return-value]


def machines_only(view: View) -> View:
    """Scripts that know METRICS_TOKEN: 401 without it; where none is set there is no such page."""

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
    """Whether the request carries METRICS_TOKEN as its bearer; it takes as long however much of
    it is right.
    """
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


def actor() -> Any:
    """The person who asks, as verbs take them: the row itself, which outlives the request's
    proxy.
    """
    return flask_login.utils._get_user()


def to_sign_in() -> ResponseReturnValue:
    """To the sign-in, and afterwards back to the page on which the person was."""
    if request.headers.get("HX-Request") == "true":
        response = make_response("", 200)
        response.headers["HX-Redirect"] = url_for("sign_ins.new", next=page_before() or "/")
        return response
    target = request.full_path.rstrip("?") if request.method == "GET" else page_before()
    return redirect_303(url_for("sign_ins.new", next=target or "/"))


def page_before() -> str:
    """The path of the page that the request came from, as the browser tells it; "" when it tells
    none.
    """
    try:
        return urlsplit(request.headers.get("HX-Current-URL") or request.referrer or "").path
    except ValueError:
        return ""
