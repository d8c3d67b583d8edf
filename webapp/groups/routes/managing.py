"""Looking after a group: what waits, and the pages for it."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ...core import clock
from ...core.forms import squeezed
from ...core.pages import page_number, render_page
from ...core.permissions import permission
from ...events import reads as event_reads
from ...voting import reads as vote_reads
from .. import access, growth, managing, reads
from ..models import ROLES

#: So many coming events and votes stand on the overview.
SHOWN = 4

bp = Blueprint("manage", __name__, url_prefix="/groups/<slug>/manage")


@bp.get("")
@permission("group:manage")
def show(slug: str) -> ResponseReturnValue:
    """The overview: what waits for the reader, how the group grows, and for those who lead it what is planned and asked."""
    group = access.group_to(current_user, "group:manage", slug)
    may = access.actions_of(current_user, group)
    leads = "group:edit" in may
    return render_page(
        "groups/manage/show.html",
        group=group,
        may=may,
        waits=managing.what_waits(current_user, group),
        growth=growth.picture(group, clock.now()),
        newest=reads.latest(group),
        coming=event_reads.planned_in(group)[1][:SHOWN] if leads else [],
        votes=vote_reads.under_way(group, SHOWN) if leads else [],
    )


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
