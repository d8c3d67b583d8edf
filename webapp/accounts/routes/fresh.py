"""`@fresh`: what must be safe asks for the password again, unless that was a moment ago."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import make_response, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ...core.pages import see, wanted_fragment
from ...core.permissions import page_before
from .. import sign_ins

View = TypeVar("View", bound=Callable[..., Any])


def fresh(view: View) -> View:
    """The view runs for people who have shown their password in the last 15 minutes; others do so first and come back.

    It stands below the route's permission: `@permission("account:email")`, then `@fresh`.
    """

    @wraps(view)
    def inner(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        return view(*args, **kwargs) if sign_ins.is_fresh(current_user.sign_in) else _to_proof()

    return inner  # type: ignore[return-value]


def _to_proof() -> ResponseReturnValue:
    """To the password, and afterwards to the page on which the person was."""
    here = request.full_path.rstrip("?") if request.method == "GET" else page_before()
    if wanted_fragment() is None:
        return see(url_for("proofs.new", next=here or "/account"))
    response = make_response("", 200)
    response.headers["HX-Redirect"] = url_for("proofs.new", next=page_before() or "/account")
    return response
