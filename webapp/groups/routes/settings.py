"""Who may do what in a group, where it says so itself."""

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.extensions import db
from ...core.pages import render_page, see
from ...core.permissions import me, permission
from .. import access, settling
from ..forms.settings import SettingsForm
from ..models import Group

bp = Blueprint("group_settings", __name__, url_prefix="/groups/<slug>/manage/settings")


@bp.get("")
@permission("group:edit")
def edit(slug: str) -> ResponseReturnValue:
    """The four questions, as they stand."""
    group = access.group_to(current_user, "group:edit", slug)
    return _page(group, SettingsForm(group))


@bp.post("")
@permission("group:edit")
def update(slug: str) -> ResponseReturnValue:
    """From now on it holds so."""
    group = access.group_to(current_user, "group:edit", slug)
    form = SettingsForm(group)
    if not form.validate():
        return _page(group, form, 422)
    settling.settle(group, by=me(), **form.lowest())
    db.session.commit()
    flash(_("So it is settled."))
    return see(url_for("group_settings.edit", slug=group.slug))


def _page(group: Group, form: SettingsForm, status: int = 200) -> ResponseReturnValue:
    return render_page("groups/manage/settings.html", status=status, group=group, form=form)
