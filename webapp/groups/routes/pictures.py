"""A group's picture, under the access of its page."""

from uuid import UUID

from flask import Blueprint, Response, abort, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.http.errors import UserError
from ...core.http.permissions import actor, permission, public
from ...core.http.submit import done, submitted
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


def _too_large(refused: UserError, slug: str) -> ResponseReturnValue:
    group = access.group_to(current_user, "group:edit", slug)
    form = GroupPictureForm()
    form.refuse(refused)
    return edit_page(group, form, refused.status)


@bp.post("")
@permission("group:edit")
@uploads(_too_large)
def create(slug: str) -> ResponseReturnValue:
    """Upload the group's picture."""
    group, form = access.group_to(current_user, "group:edit", slug), GroupPictureForm()
    return submitted(
        form,
        lambda: groups.put_picture(group, actor(), form.picture.content()),
        again=lambda refused: edit_page(group, form, refused.status),
        to=url_for("groups.edit", slug=slug),
        flash=_("The group’s picture is there."),
    )


@bp.post("/removal")
@permission("group:edit")
def delete(slug: str) -> ResponseReturnValue:
    """Delete the group's picture."""
    groups.remove_picture(access.group_to(current_user, "group:edit", slug), actor())
    return done(url_for("groups.edit", slug=slug), _("The group’s picture is gone."))
