"""What is kept how long, from the table that the clock carries out."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from ...core.http.pages import render_page
from ...core.http.permissions import public
from ..retention.table import ALL, KEPT

bp = Blueprint("retention", __name__)


@bp.get("/privacy/retention")
@public
def show() -> ResponseReturnValue:
    """Show how long everything is kept."""
    return render_page("privacy/retention.html", lines=ALL, kept=KEPT.values())
