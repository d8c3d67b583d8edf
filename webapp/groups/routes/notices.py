"""How much of one group I hear."""

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...core.extensions import db
from ...core.pages import render_page, see
from ...core.permissions import me, permission
from ...notifications import preferences
from .. import access
from ..forms.notices import AS_EVERYWHERE, NoticesForm
from ..models import Group

bp = Blueprint("group_notices", __name__, url_prefix="/groups/<slug>/notifications")


@bp.get("")
@permission("group:choose_notices")
def edit(slug: str) -> ResponseReturnValue:
    """As of all groups, only what matters, or nothing."""
    group = access.group_to(me(), "group:choose_notices", slug)
    return _page(group, NoticesForm(level=preferences.level_of(me(), group.id) or AS_EVERYWHERE))


@bp.post("")
@permission("group:choose_notices")
def update(slug: str) -> ResponseReturnValue:
    """From now on I hear so much of it."""
    group = access.group_to(me(), "group:choose_notices", slug)
    form = NoticesForm()
    if not form.validate_on_submit():
        return _page(group, form, 422)
    preferences.choose_level(
        me(), group.id, None if form.level.data == AS_EVERYWHERE else form.level.data
    )
    db.session.commit()
    flash(_("Your choice for %(group)s is kept.", group=group.name))
    return see(url_for("groups.show", slug=group.slug))


def _page(group: Group, form: NoticesForm, status: int = 200) -> ResponseReturnValue:
    return render_page("groups/notices.html", status=status, group=group, form=form)
