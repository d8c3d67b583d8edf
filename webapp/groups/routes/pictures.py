"""A group's picture, under the access of its page."""

from uuid import UUID

from flask import Blueprint, Response, abort, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.extensions import db
from ...core.http.errors import UserError
from ...core.http.pages import redirect_303
from ...core.http.permissions import actor, permission, public
from ...core.http.uploads import uploads
from ...core.storage import pictures as files
from .. import access, groups
from ..forms.groups import GroupPictureForm
from .groups import edit_page

bp = Blueprint("group_pictures", __name__, url_prefix="/groups/<slug>/picture")


@bp.get("/<uuid:picture>/<int:size>")
@public
def show(slug: str, picture: UUID, size: int) -> Response:
    """Serve the group's picture."""
    group = access.group_for(current_user, slug)
    if group.picture != picture:
        abort(404)
    return files.answer(files.COVER, picture, size)


def _refused(broken: UserError, slug: str) -> ResponseReturnValue:
    group = access.group_to(current_user, "group:edit", slug)
    form = GroupPictureForm()
    form.refuse(broken)
    return edit_page(group, form, broken.status)


@bp.post("")
@permission("group:edit")
@uploads(_refused)
def create(slug: str) -> ResponseReturnValue:
    """Upload the group's picture."""
    group, form = access.group_to(current_user, "group:edit", slug), GroupPictureForm()
    if not form.validate():
        return edit_page(group, form, 422)
    try:
        content = form.picture.content()
        db.session.rollback()  # drawing takes a while: nothing is held meanwhile
        groups.put_picture(group, actor(), content)
    except UserError as broken:
        db.session.rollback()
        return _refused(broken, slug)
    db.session.commit()
    flash(_("The group’s picture is there."))
    return redirect_303(url_for("groups.edit", slug=slug))


@bp.post("/removal")
@permission("group:edit")
def delete(slug: str) -> ResponseReturnValue:
    """Delete the group's picture."""
    groups.remove_picture(access.group_to(current_user, "group:edit", slug), actor())
    db.session.commit()
    flash(_("The group’s picture is gone."))
    return redirect_303(url_for("groups.edit", slug=slug))
