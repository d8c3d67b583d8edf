"""The reader's answer to an event, and seats offered to them."""

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ...core.http.errors import UserError
from ...core.http.pages import redirect_303
from ...core.http.permissions import actor, permission, signed_in
from ...core.http.submit import done, submitted
from ...events import access
from ...events.routes.event_page import event_page
from .. import rsvps
from ..forms.rsvps import form_of
from ..labels import accepted_in_words, declined_in_words, saved_in_words

bp = Blueprint("rsvps", __name__, url_prefix="/events/<slug>/rsvp")


@bp.get("")
@signed_in
def show(slug: str) -> ResponseReturnValue:
    """Redirect to the event's form, after a visitor has signed in."""
    event = access.event_for(current_user, slug)
    return redirect_303(url_for("events.show", slug=event.slug, _anchor="rsvp"))


@bp.post("")
@permission("event:answer")
def create(slug: str) -> ResponseReturnValue:
    """Give or change the answer."""
    event = access.event_to(current_user, "event:answer", slug)
    form = form_of(event, current_user)
    if not form.validate():
        return event_page(event, form, status=422)

    def again(refused: UserError) -> ResponseReturnValue:
        now = access.event_for(current_user, slug)  # which may be closed to them by now
        fresh_form = form_of(now, current_user)  # and may ask other questions
        return event_page(now, fresh_form.refuse(refused), status=refused.status)

    return submitted(
        None,
        lambda: rsvps.answer(event, by=actor(), **form.given()),
        again,
        to=url_for("events.show", slug=slug),
        flash=saved_in_words,
    )


@bp.post("/removal")
@permission("event:answer")
def delete(slug: str) -> ResponseReturnValue:
    """Give up the seats, or leave the waiting list."""
    event = access.event_to(current_user, "event:answer", slug)
    message = saved_in_words(rsvps.withdraw(event, by=actor()))
    return done(url_for("events.show", slug=slug), message)


offers_bp = Blueprint("waitlist_offers", __name__, url_prefix="/events/<slug>/offer")


@offers_bp.post("/acceptance", endpoint="create")
@permission("event:answer")
def accept_offer(slug: str) -> ResponseReturnValue:
    """Accept the offered seats."""
    event = access.event_to(current_user, "event:answer", slug)
    message = accepted_in_words(rsvps.accept_offer(event, by=actor()))
    return done(url_for("events.show", slug=slug), message)


@offers_bp.post("/refusal", endpoint="delete")
@permission("event:answer")
def decline_offer(slug: str) -> ResponseReturnValue:
    """Decline the offered seats; the reader goes to the back of the waiting list."""
    event = access.event_to(current_user, "event:answer", slug)
    rsvps.decline_offer(event, by=actor())
    return done(url_for("events.show", slug=slug), declined_in_words())
