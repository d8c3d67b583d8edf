"""An event's picture, under the access of its page."""

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


def _too_large(refused: UserError, slug: str) -> ResponseReturnValue:
    event, form = access.event_to(current_user, "event:edit", slug), EventPictureForm()
    form.refuse(refused)
    return form_page(EventForm(event.group, event), event.group, event, form, refused.status)


@bp.post("")
@permission("event:edit")
@uploads(_too_large)
def create(slug: str) -> ResponseReturnValue:
    """Upload the event's picture."""
    event, form = access.event_to(current_user, "event:edit", slug), EventPictureForm()
    return submitted(
        form,
        lambda: pictures.put(event, actor(), form.picture.content()),
        again=lambda refused: form_page(
            EventForm(event.group, event), event.group, event, form, refused.status
        ),
        to=url_for("events.edit", slug=slug),
        flash=_("The event’s picture is there."),
    )


@bp.post("/removal")
@permission("event:edit")
def delete(slug: str) -> ResponseReturnValue:
    """Delete the event's picture."""
    pictures.remove(access.event_to(current_user, "event:edit", slug), actor())
    return done(url_for("events.edit", slug=slug), _("The event’s picture is gone."))
