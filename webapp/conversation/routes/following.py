"""How much of a thread somebody hears."""

from uuid import UUID

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.extensions import db
from ...core.pages import see
from ...core.permissions import me, permission
from .. import access, following
from ..access.places import Place
from ..models import FOLLOWS, MUTED, Thread

bp = Blueprint("following", __name__, url_prefix="/groups/<slug>/conversation/<uuid:thread_id>")


@bp.post("/following")
@permission(access.READ)
def update(slug: str, thread_id: UUID) -> ResponseReturnValue:
    """From now on I am told of replies, hear nothing of it, or only when somebody mentions me."""
    return follow(*access.thread_for(current_user, slug, thread_id))


def follow(place: Place, thread: Thread) -> ResponseReturnValue:
    """The same, wherever the thread is held."""
    state = request.form.get("state", "")
    following.choose(thread, me(), state)
    db.session.commit()
    said = {
        FOLLOWS: _("You follow this thread: we tell you of replies."),
        MUTED: _("You hear nothing of this thread any more."),
    }
    flash(said.get(state, _("We tell you only when somebody mentions you.")))
    return see(place.path_of(thread.id))
