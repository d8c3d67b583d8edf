"""Running an event: how it stands, what waits, and what happened in its queue."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ...core.pages import render_page
from ...core.permissions import permission
from .. import access, managing

bp = Blueprint("event_manage", __name__, url_prefix="/events/<slug>/manage")


@bp.get("")
@permission("event:edit")
def show(slug: str) -> ResponseReturnValue:
    """The overview: what waits for the hosts, and how the event stands."""
    event = access.event_to(current_user, "event:edit", slug)
    return render_page("events/manage/show.html", event=event, waits=managing.what_waits(current_user, event))
