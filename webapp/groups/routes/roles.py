"""Who may do what, from the tables that the code asks."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from ...core.pages import render_page
from ...core.permissions import TABLES, public
from ...core.validated import validated

bp = Blueprint("roles", __name__)


@bp.get("/roles")
@public
@validated
def show() -> ResponseReturnValue:
    """Every table, role by role and action by action."""
    return render_page("roles/show.html", tables=TABLES)
