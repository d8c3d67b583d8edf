"""Seats that are held for someone who waits: taken, or passed on."""

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ...core.extensions import db
from ...core.http.pages import redirect_303
from ...core.http.permissions import actor, permission
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
    db.session.commit()
    flash(said, "yes")
    return redirect_303(url_for("events.show", slug=slug))


@bp.post("/refusal")
@permission("event:answer")
def delete(slug: str) -> ResponseReturnValue:
    """Decline the offered seats; the reader goes to the back of the waiting list."""
    event = access.event_to(current_user, "event:answer", slug)
    rsvps.decline_offer(event, by=actor())
    db.session.commit()
    flash(declined_in_words(), "yes")
    return redirect_303(url_for("events.show", slug=slug))
