"""Declare who may use a route.

Each route has exactly one of these decorators; a test checks all routes. `opens` is the door for
what people may do by a table: it checks, loads and hands on (decisions/0069).
"""

import hmac
from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlsplit

from flask import Response, abort, current_app, g, make_response, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import NotFound

from . import form_recovery
from .pages import redirect_303

View = TypeVar("View", bound=Callable[..., Any])
#: What a route is about: an event, or a group and its case.
Opened = tuple[Any, ...]


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


def opens(
    load: Callable[..., Any],
    action: str = "",
    row: Callable[..., Any] | None = None,
    to_visitors: bool = False,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Let people use the route who may do `action` to what `load` finds; give that to the view.

    `load(person, action, …)` loads through the person and checks the action's table. Further
    parameters, such as `slug`, are those of the URL. It may return several things as a tuple, and
    raises NotFound or Forbidden. Without an action it's called without one.

    `row(found, id)` finds a row of it, by the next parameter of the URL. The view gets the
    parameters that are left by name. Visitors are sent to the sign-in first, unless the loader
    decides for them, too (`to_visitors`).
    """
    asked = (action,) if action else ()
    named = list(signature(load).parameters)[1 + len(asked) :]

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def opened(**where: Any) -> ResponseReturnValue:
            place = [where.pop(name) for name in named]
            ids = [where.pop(next(iter(where)))] if row is not None else []

            def enter() -> Opened:
                found = load(actor(), *asked, *place)
                things = found if type(found) is tuple else (found,)
                return things if row is None else (*things, row(*things, *ids))

            g.opener = enter
            g.opened = enter()
            answer: ResponseReturnValue = view(*g.opened, **where)
            return answer

        opened.opener = (load, action)  # type: ignore[attr-defined]
        if to_visitors:
            return public(opened)
        return _guarded(opened, action or "signed_in")

    return decorate


def loaded() -> Opened:
    """Return what the route's door has opened; nothing for a route without one."""
    return g.get("opened", ())


def loaded_again() -> Opened:
    """Open the route's door again, after a rollback: the person may have lost the right meanwhile,
    or the thing may be gone. Raises NotFound or Forbidden.
    """
    return g.opener() if "opener" in g else ()


def admins_only(view: Callable[..., Any]) -> Callable[..., Any]:
    """Let admins use the route; others get 404."""
    return admins_may("site:admin")(view)


def admins_may(
    action: str, row: Callable[..., Any] | None = None
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Let those use the route who may do `action` by the table "site"; others get 404. `row(id)`
    finds what the route is about.
    """
    return opens(site_to, action, row)


def site_to(user: Any, action: str) -> Opened:
    """Open the site: there is only one, so views get nothing. Raises NotFound."""
    if not may_on_site(user, action):
        raise NotFound()
    return ()


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
