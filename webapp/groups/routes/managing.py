"""Looking after a group: what waits, and the pages for it."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ...core import clock
from ...core.pages import render_page
from ...core.permissions import permission
from ...events import reads as event_reads
from ...voting import reads as vote_reads
from .. import access, growth, managing, reads
from ..models import OWNER
from .members import givable, listed

#: So many coming events and votes stand on the overview.
SHOWN = 4

bp = Blueprint("manage", __name__, url_prefix="/groups/<slug>/manage")


@bp.get("")
@permission("group:manage")
def show(slug: str) -> ResponseReturnValue:
    """The overview: what waits for the reader, how the group grows, and for those who lead it
    what is planned and asked.
    """
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
@permission("group:remove_members")
def members(slug: str) -> ResponseReturnValue:
    """The members, as `members.index` lists them, each with what the reader may change about
    them.
    """
    group = access.group_to(current_user, "group:remove_members", slug)
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
