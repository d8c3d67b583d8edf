"""One's own account."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from ...core.pages import render_page
from ...core.permissions import signed_in

bp = Blueprint("account", __name__, url_prefix="/account")


@bp.get("")
@signed_in
def show() -> ResponseReturnValue:
    """Who one is here, and the ways to what can be changed."""
    return render_page("accounts/account.html")
