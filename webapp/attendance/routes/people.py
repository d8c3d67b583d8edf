"""Everybody who is going, for those who may see it."""

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ...core.pages import page_number, render_page
from ...core.permissions import me, permission
from ...core.stretches import place_asked_for
from ...events import access
from ...events.audience import hosts_of
from .. import rsvps
from ..reads import attendees

bp = Blueprint("event_people", __name__, url_prefix="/events/<slug>/people")


@bp.get("")
@permission("event:see_people")
def index(slug: str) -> ResponseReturnValue:
    """A page of them, the first to answer on top; who hides their name is counted."""
    event = access.event_for(current_user, slug)
    if not access.can_see_people(current_user, event, rsvps.of(event, me())):
        abort(403)
    hosts, place = [host.id for host in hosts_of(event)], place_asked_for()
    sees_all = access.can(current_user, "event:see_queue_names", event)
    page = attendees.going_to(event, me(), hosts, sees_all, place, page_number())
    return render_page(
        "events/people.html",
        {"going": "events/_going.html"},
        event=event,
        page=page,
        has_place=place is not None,
    )
