"""Putting a group away, and bringing it back."""

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.http.pages import render_page
from ...core.http.permissions import actor, permission, signed_in
from ...core.http.submit import done
from .. import access, groups, reads

bp = Blueprint("group_deletions", __name__)


@bp.get("/groups/deleted")
@signed_in
def index() -> ResponseReturnValue:
    """List the deleted groups that the reader owned and can still restore."""
    return render_page(
        "groups/deleted.html", put_away=reads.put_away_by(current_user), until=groups.KEPT
    )


@bp.get("/groups/<slug>/deletion")
@permission("group:delete")
def new(slug: str) -> ResponseReturnValue:
    """Ask before the group is deleted."""
    group = access.group_to(current_user, "group:delete", slug)
    return render_page(
        "layout/confirm.html",
        title=_("Delete %(group)s?", group=group.name),
        words=_(
            "No one will be able to see the group, its events or its votes. We’ll tell its "
            "members. An owner can restore it for 30 days. After that, it’s deleted for good."
        ),
        action=url_for("group_deletions.create", slug=group.slug),
        verb=_("Delete group"),
        keep=_("Cancel"),
        keep_url=url_for("groups.edit", slug=group.slug),
        section="groups",
    )


@bp.post("/groups/<slug>/deletion")
@permission("group:delete")
def create(slug: str) -> ResponseReturnValue:
    """Delete the group; its owners can restore it for a while."""
    group = access.group_to(current_user, "group:delete", slug)
    groups.delete(group, by=actor())
    return done(
        url_for("group_deletions.index"),
        _(
            "%(group)s is deleted. You’ll find it here until it’s deleted for good.",
            group=group.name,
        ),
    )


@bp.post("/groups/<slug>/restoration")
@permission("group:delete")
def delete(slug: str) -> ResponseReturnValue:
    """Restore the group."""
    group = access.deleted_group_for(current_user, slug)
    groups.restore(group, by=actor())
    return done(
        url_for("groups.show", slug=group.slug), _("%(group)s is restored.", group=group.name)
    )
