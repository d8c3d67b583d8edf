"""The first page."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ...core.http.page_cache import cached_for_visitors
from ...core.http.pages import render_page
from ...core.http.permissions import public
from .. import first_page

bp = Blueprint("home", __name__)

PARTS = {name: f"home/_{name}.html" for name in ("needs", "coming", "votes", "news", "groups")}


@bp.get("/")
@public
@cached_for_visitors
def show() -> ResponseReturnValue:
    """Show the visitor's first page, or for members what is next."""
    if not current_user.is_authenticated:
        return render_page("home/visitor.html", **first_page.visitor_page())
    return render_page("home/member.html", PARTS, **first_page.member_page(current_user))
