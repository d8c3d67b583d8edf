"""Inviting by link."""

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core import once
from ...core.errors import RuleBroken
from ...core.extensions import db
from ...core.pages import render_page, see
from ...core.permissions import me, permission
from ...groups import access as group_access
from ...groups.models import Group
from .. import access, standing
from ..forms import LinkForm
from ..models import GroupInvitation

bp = Blueprint("invitation_links", __name__, url_prefix="/groups/<slug>/manage/invitations/links")


@bp.get("/new")
@permission(access.INVITE)
def new(slug: str) -> ResponseReturnValue:
    """For how long, for how many, into which role."""
    group = group_access.group_to(current_user, access.INVITE, slug)
    return _page(group, LinkForm(access.roles_for(current_user, group)))


@bp.post("/new")
@permission(access.INVITE)
def create(slug: str) -> ResponseReturnValue:
    """There is a link, and its page shows it."""
    group = group_access.group_to(current_user, access.INVITE, slug)
    form = LinkForm(access.roles_for(current_user, group))
    if not form.validate():
        return _page(group, form, 422)
    wanted = {
        "role": form.role.data,
        "life": form.life.data,
        "most": form.most.data,
        "label": form.label.data or "",
    }
    try:
        made = once.made(
            GroupInvitation, me(), lambda id: standing.make_link(group, me(), id=id, **wanted)
        )
    except RuleBroken as broken:
        db.session.rollback()
        return _page(group, form.refuse(broken), broken.status)
    flash(_("The link is ready. Whoever has it may come: give it only to people you mean."))
    return see(url_for("invitations.show", slug=slug, invited_id=made[0].id))


def _page(group: Group, form: LinkForm, status: int = 200) -> ResponseReturnValue:
    return render_page("invitations/link.html", status=status, group=group, form=form)
