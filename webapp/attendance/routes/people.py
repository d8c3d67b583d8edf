"""Everyone who is going, for those who may see it."""

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ...core.db.keyset import requested_cursor
from ...core.http.pages import page_number, render_page
from ...core.http.permissions import actor, permission
from ...events import access
from ...events.audience import hosts_of
from .. import rsvps
from ..reads import attendees

bp = Blueprint("event_people", __name__, url_prefix="/events/<slug>/people")


@bp.get("")
@permission("event:see_people")
def index(slug: str) -> ResponseReturnValue:
    """List a page of attendees, the first to answer on top; hidden names are counted."""
    event = access.event_for(current_user, slug)
    if not access.can_see_people(current_user, event, rsvps.of(event, actor())):
        abort(403)
    hosts, place = [host.id for host in hosts_of(event)], requested_cursor()
    sees_all = access.can(current_user, "event:see_queue_names", event)
    page = attendees.going_to(event, actor(), hosts, sees_all, place, page_number())
    return render_page(
        "events/people.html",
        {"going": "events/_going.html"},
        event=event,
        page=page,
        has_place=place is not None,
    )
