"""The managers' pages of a group, and its pages as a visitor or plain member sees them.

Whose view it is depends on the URL alone: no state can be left on.
"""

from flask import Blueprint, Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ...core.extensions import db
from ...core.http.pages import render_page, wanted_fragment
from ...core.http.permissions import actor, opens
from ...core.http.view_as import as_page, render_as
from ...core.time import clock
from .. import access, managing, member_stats, reads
from ..models import OWNER, SECRET, Group
from .members import givable, listed

bp = Blueprint("group_manage", __name__, url_prefix="/groups/<slug>/manage")


@bp.get("")
@opens(access.group_to, "group:manage")
def show(group: Group) -> ResponseReturnValue:
    """Show the organizers' overview: what needs attention, the month's figures, and growth."""
    return render_page(
        "groups/manage/show.html",
        group=group,
        may=access.actions_of(current_user, group),
        menu=managing.menu(current_user, group, is_overview=True),
        growth=member_stats.member_chart(group, clock.now()),
    )


@bp.get("/members")
@opens(access.group_to, "group:remove_members")
def members(group: Group) -> ResponseReturnValue:
    """List the members, each with what the reader can change."""
    about = listed(group)
    roles = givable(group)
    removable = {one.id for one in about["listing"].items if access.can_remove(current_user, one)}
    return render_page(
        "groups/manage/members.html",
        {"members": "groups/_members.html"},
        group=group,
        changing=True,
        giving=[role for role in roles if role != OWNER],
        changeable={one.id for one in about["listing"].items if one.role in roles},
        removable=removable,
        offers=reads.offers_of(group) if "group:offer_ownership" in about["may"] else [],
        **about,
    )


views_bp = Blueprint("group_view_as", __name__)


@views_bp.get("/groups/<slug>/manage/as/<any(visitor, member):who>", endpoint="show")
@opens(access.group_to, "group:manage")
def show_as(group: Group, who: str) -> ResponseReturnValue:
    """Show the group's page, or with ?part= another tab, as a visitor or member sees it."""
    if (
        wanted_fragment() is not None
    ):  # fragments of such a page aren't fetched: htmx loads the page instead
        return Response(headers={"HX-Redirect": request.full_path.rstrip("?")})
    parts = managing.views(group, url_for, current_app.view_functions)
    part = request.args.get("part", "")
    part = part if part in parts else next(iter(parts))
    banner = _banner(group, who, part, parts)
    person, url = managing.view_as(who, group, actor()), parts[part].url
    db.session.rollback()  # the page below uses its own connection
    page = render_as(person, url)
    if 300 <= page.status_code < 400:
        return as_page(render_template("groups/manage/elsewhere.html", group=group), banner)
    return as_page(page.get_data(as_text=True), banner)


def _banner(group: Group, who: str, part: str, parts: dict[str, managing.View]) -> str:
    hidden = who == managing.VISITOR and group.visibility == SECRET
    shown = {"group": group, "who": who, "part": part, "parts": parts, "hidden": hidden}
    return render_template("groups/manage/_viewing.html", **shown)
