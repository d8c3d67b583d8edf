"""Looking after a group: what waits, and the pages for it."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ...core.forms import squeezed
from ...core.pages import page_number, render_page
from ...core.permissions import permission
from .. import access, managing, reads
from ..models import ROLES

bp = Blueprint("manage", __name__, url_prefix="/groups/<slug>/manage")


@bp.get("")
@permission("group:manage")
def show(slug: str) -> ResponseReturnValue:
    """The overview: what waits for the reader."""
    group = access.group_to(current_user, "group:manage", slug)
    return render_page("groups/manage/show.html", group=group, waits=managing.what_waits(current_user, group))


@bp.get("/members")
@permission("group:change_lower_roles")
def members(slug: str) -> ResponseReturnValue:
    """The members, searched and by role, each with the way to what can be changed about them."""
    group = access.group_to(current_user, "group:change_lower_roles", slug)
    words, role = (squeezed(request.args.get("q")) or "")[:100], request.args.get("role", "")
    role = role if role in ROLES else ""
    may = access.actions_of(current_user, group)
    return render_page(
        "groups/manage/members.html",
        {"members": "groups/_members.html"},
        group=group,
        may=may,
        changing=True,
        listing=reads.members_of(group, role, words, page_number()),
        role_names=access.ROLE_NAMES,
        role=role,
        words=words,
        offers=reads.offers_of(group) if "group:offer_ownership" in may else [],
    )
