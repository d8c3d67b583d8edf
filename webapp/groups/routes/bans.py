"""Who may not come back into a group."""

from uuid import UUID

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.extensions import db
from ...core.pages import render_page, see
from ...core.permissions import me, permission
from .. import access, memberships, reads

bp = Blueprint("bans", __name__)


@bp.get("/groups/<slug>/bans")
@permission("group:remove_members")
def index(slug: str) -> ResponseReturnValue:
    """The banned, with the reasons."""
    group = access.group_to(current_user, "group:remove_members", slug)
    return render_page("groups/bans.html", group=group, bans=reads.bans_of(group))


@bp.post("/groups/<slug>/bans/<uuid:ban_id>/removal")
@permission("group:remove_members")
def delete(slug: str, ban_id: UUID) -> ResponseReturnValue:
    """The person may join or ask again."""
    group = access.group_to(current_user, "group:remove_members", slug)
    ban = reads.ban_with(group, ban_id)
    name = ban.user.name
    memberships.unban(ban, group, by=me())
    db.session.commit()
    flash(_("%(name)s may join again.", name=name))
    return see(url_for("bans.index", slug=group.slug))
