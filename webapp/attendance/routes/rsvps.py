"""The reader's answer to an event, and seats offered to them."""

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ...core.http.errors import UserError
from ...core.http.pages import redirect_303
from ...core.http.permissions import actor, opens, signed_in
from ...core.http.submit import done, submitted
from ...events import access
from ...events.models import Event
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
@opens(access.event_to, "event:answer")
def create(event: Event) -> ResponseReturnValue:
    """Give or change the answer."""
    form = form_of(event, current_user)
    if not form.validate():
        return event_page(event, form, status=422)

    def again(refused: UserError, event: Event) -> ResponseReturnValue:
        fresh_form = form_of(event, current_user)  # which may ask other questions by now
        return event_page(event, fresh_form.refuse(refused), status=refused.status)

    return submitted(
        None,
        lambda: rsvps.answer(event, by=actor(), **form.given()),
        again,
        to=url_for("events.show", slug=event.slug),
        flash=saved_in_words,
    )


@bp.post("/removal")
@opens(access.event_to, "event:answer")
def delete(event: Event) -> ResponseReturnValue:
    """Give up the seats, or leave the waiting list."""
    message = saved_in_words(rsvps.withdraw(event, by=actor()))
    return done(url_for("events.show", slug=event.slug), message)


offers_bp = Blueprint("waitlist_offers", __name__, url_prefix="/events/<slug>/offer")


@offers_bp.post("/acceptance", endpoint="create")
@opens(access.event_to, "event:answer")
def accept_offer(event: Event) -> ResponseReturnValue:
    """Accept the offered seats."""
    message = accepted_in_words(rsvps.accept_offer(event, by=actor()))
    return done(url_for("events.show", slug=event.slug), message)


@offers_bp.post("/refusal", endpoint="delete")
@opens(access.event_to, "event:answer")
def decline_offer(event: Event) -> ResponseReturnValue:
    """Decline the offered seats; the reader goes to the back of the waiting list."""
    rsvps.decline_offer(event, by=actor())
    return done(url_for("events.show", slug=event.slug), declined_in_words())
