"""An event's picture, under the access of its page."""

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
from .. import access, pictures
from ..forms.event import EventForm, EventPictureForm
from .events import form_page

bp = Blueprint("event_pictures", __name__, url_prefix="/events/<slug>/picture")


@bp.get("/<uuid:picture>/<int:size>")
@public
def show(slug: str, picture: UUID, size: int) -> Response:
    """Serve the event's picture."""
    event = access.event_for(current_user, slug)
    if event.picture != picture:
        abort(404)
    return files.answer(files.COVER, picture, size)


def _refused(broken: UserError, slug: str) -> ResponseReturnValue:
    event, form = access.event_to(current_user, "event:edit", slug), EventPictureForm()
    form.refuse(broken)
    return form_page(EventForm(event.group, event), event.group, event, form, broken.status)


@bp.post("")
@permission("event:edit")
@uploads(_refused)
def create(slug: str) -> ResponseReturnValue:
    """Upload the event's picture."""
    event, form = access.event_to(current_user, "event:edit", slug), EventPictureForm()
    if not form.validate():
        return form_page(EventForm(event.group, event), event.group, event, form, 422)
    try:
        content = form.picture.content()
        db.session.rollback()  # drawing takes a while: nothing is held meanwhile
        pictures.put(event, actor(), content)
    except UserError as broken:
        db.session.rollback()
        return _refused(broken, slug)
    db.session.commit()
    flash(_("The event’s picture is there."), "yes")
    return redirect_303(url_for("events.edit", slug=slug))


@bp.post("/removal")
@permission("event:edit")
def delete(slug: str) -> ResponseReturnValue:
    """Delete the event's picture."""
    pictures.remove(access.event_to(current_user, "event:edit", slug), actor())
    db.session.commit()
    flash(_("The event’s picture is gone."), "yes")
    return redirect_303(url_for("events.edit", slug=slug))
