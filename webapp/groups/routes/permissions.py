"""The tables of permissions, and what a group chooses itself."""

from flask import Blueprint, abort, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.http.page_cache import cached_for_visitors
from ...core.http.pages import render_page
from ...core.http.permissions import TABLES, actor, opens, public
from ...core.http.submit import done
from .. import access, permissions
from ..forms.settings import GroupSettingsForm
from ..models import Group

bp = Blueprint("group_settings", __name__, url_prefix="/groups/<slug>/manage/settings")


@bp.get("")
@opens(access.group_to, "group:edit")
def edit(group: Group) -> ResponseReturnValue:
    """Show the permissions that the group can choose."""
    return _page(group, GroupSettingsForm(group))


@bp.post("")
@opens(access.group_to, "group:edit")
def update(group: Group) -> ResponseReturnValue:
    """Save the permissions."""
    form = GroupSettingsForm(group)
    if not form.validate():
        return _page(group, form, 422)
    permissions.update(group, by=actor(), **form.lowest())
    return done(url_for("group_settings.edit", slug=group.slug), _("Saved."))


def _page(group: Group, form: GroupSettingsForm, status: int = 200) -> ResponseReturnValue:
    return render_page("groups/manage/settings.html", status=status, group=group, form=form)


roles_bp = Blueprint("roles", __name__)


@roles_bp.get("/roles")
@public
@cached_for_visitors
def show() -> ResponseReturnValue:
    """Show every permission, role by role."""
    return render_page("roles/show.html", tables=TABLES)


@roles_bp.get("/groups/<slug>/roles")
@public
@cached_for_visitors
def of_group(slug: str) -> ResponseReturnValue:
    """Show the group's permissions; a closed group's to its members."""
    group = access.group_for(current_user, slug)
    if not access.may_see_inside(current_user, group):
        abort(403)
    may = access.actions_of(current_user, group)
    return render_page(
        "groups/roles.html",
        group=group,
        table=access.table_of(group),
        settled=access.overrides(group),
        may=may,
    )
