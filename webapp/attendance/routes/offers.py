"""Seats that are held for someone who waits: taken, or passed on."""

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ...core.http.permissions import actor, permission
from ...core.http.submit import done
from ...events import access
from .. import rsvps
from ..labels import accepted_in_words, declined_in_words

bp = Blueprint("offers", __name__, url_prefix="/events/<slug>/offer")


@bp.post("/acceptance")
@permission("event:answer")
def create(slug: str) -> ResponseReturnValue:
    """Accept the offered seats."""
    event = access.event_to(current_user, "event:answer", slug)
    said = accepted_in_words(rsvps.accept_offer(event, by=actor()))
    return done(url_for("events.show", slug=slug), said)


@bp.post("/refusal")
@permission("event:answer")
def delete(slug: str) -> ResponseReturnValue:
    """Decline the offered seats; the reader goes to the back of the waiting list."""
    event = access.event_to(current_user, "event:answer", slug)
    rsvps.decline_offer(event, by=actor())
    return done(url_for("events.show", slug=slug), declined_in_words())
