"""Taking an invitation back."""

from uuid import UUID

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.extensions import db
from ...core.pages import render_page, see
from ...core.permissions import me, permission
from ...groups import access as group_access
from .. import access, standing

bp = Blueprint(
    "invitation_removals",
    __name__,
    url_prefix="/groups/<slug>/manage/invitations/<uuid:invited_id>",
)


@bp.get("/removal")
@permission(access.INVITE)
def new(slug: str, invited_id: UUID) -> ResponseReturnValue:
    """The question before it."""
    group = group_access.group_to(current_user, access.INVITE, slug)
    invitation = access.of_group(group, invited_id)
    words = _(
        "Whoever opens its link reads that it no longer stands. We tell nobody. Who has come by "
        "it stays."
    )
    return render_page(
        "layout/confirm.html",
        title=_("Take this invitation back?"),
        words=words,
        action=url_for("invitation_removals.create", slug=slug, invited_id=invitation.id),
        verb=_("Take it back"),
        keep=_("Let it stand"),
        keep_url=url_for("invitations.show", slug=slug, invited_id=invitation.id),
        section="groups",
    )


@bp.post("/removal")
@permission(access.INVITE)
def create(slug: str, invited_id: UUID) -> ResponseReturnValue:
    """Nobody comes by it any more, and the list no longer has it."""
    group = group_access.group_to(current_user, access.INVITE, slug)
    standing.withdraw(access.of_group(group, invited_id), by=me())
    db.session.commit()
    flash(_("The invitation is taken back."))
    return see(url_for("invitations.index", slug=slug))
