"""Who may do what, from the tables that the code asks."""

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ...core.pages import render_page
from ...core.permissions import TABLES, public
from ...core.validated import validated
from .. import access

bp = Blueprint("roles", __name__)


@bp.get("/roles")
@public
@validated
def show() -> ResponseReturnValue:
    """Every table, role by role and action by action."""
    return render_page("roles/show.html", tables=TABLES)


@bp.get("/groups/<slug>/roles")
@public
@validated
def of_group(slug: str) -> ResponseReturnValue:
    """The table of one group, as the group has settled it; of a closed one for its members."""
    group = access.group_for(current_user, slug)
    if not access.may_see_inside(current_user, group):
        abort(403)
    may = access.actions_of(current_user, group)
    return render_page(
        "groups/roles.html",
        group=group,
        table=access.table_of(group),
        settled=access.settled(group),
        may=may,
    )
