"""Request a link to answer without an account.

Visitors come here by a link, because cached pages contain no form.
"""

from flask import Blueprint, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ...core import i18n
from ...core.http import limits
from ...core.http.pages import redirect_303, render_page
from ...core.http.permissions import opens
from ...core.http.submit import done, page_with, submitted
from ...events import access
from ...events.models import Event
from .. import guests, rsvps
from ..forms.rsvps import GuestForm, GuestLinkForm

bp = Blueprint("guests", __name__, url_prefix="/events/<slug>/guest")
links = Blueprint("guest_links", __name__, url_prefix="/events/<slug>/guest/link")


@bp.get("")
@opens(access.event_to, "event:view", to_visitors=True)
def new(event: Event) -> ResponseReturnValue:
    """Show the form for guests; people who are signed in answer with their account."""
    if current_user.is_authenticated:
        return redirect_303(url_for("events.show", slug=event.slug, _anchor="rsvp"))
    return _page(event, GuestForm())


@bp.post("")
@limits.sends_email
@opens(access.event_to, "event:view", to_visitors=True)
def create(event: Event) -> ResponseReturnValue:
    """Send a link by email; the answer is the same for known addresses, unknown ones and bots."""
    form = GuestForm()

    def ask() -> None:
        if not form.is_by_bot:
            limits.email_to(form.email.data or "")
            guests.ask(event, _newcomer(form, event))
        session["sent_to"] = form.email.data

    return submitted(
        form,
        ask,
        again=page_with(_page, form),
        to=url_for("guests.show", slug=event.slug),
    )


def _newcomer(form: GuestForm, event: Event) -> guests.NewGuest:
    return guests.NewGuest(
        form.name.data or "",
        form.email.data or "",
        form.known_zone or event.zone,
        i18n.locale_code(),
    )


@bp.get("/email-sent")
@opens(access.event_to, "event:view", to_visitors=True)
def show(event: Event) -> ResponseReturnValue:
    """Ask the guest to check their email."""
    return render_page("attendance/guests/sent.html", event=event, address=session.get("sent_to"))


@links.get("", endpoint="new")
@opens(access.event_to, "event:view", to_visitors=True)
def lost(event: Event) -> ResponseReturnValue:
    """Show the form for guests who lost their link."""
    return _link_page(event, GuestLinkForm())


@links.post("", endpoint="create")
@limits.sends_email
@opens(access.event_to, "event:view", to_visitors=True)
def send(event: Event) -> ResponseReturnValue:
    """Send a new link if a guest has this address; the answer is always the same."""
    form = GuestLinkForm()
    if not form.validate_on_submit():
        return _link_page(event, form, 422)
    limits.email_to(form.email.data or "")
    guests.send_link(event, form.email.data or "")
    return done(url_for("guest_links.show", slug=event.slug))


@links.get("/email-sent", endpoint="show")
@opens(access.event_to, "event:view", to_visitors=True)
def sent(event: Event) -> ResponseReturnValue:
    """Ask the guest to check their email, if they answered with this address."""
    return render_page("attendance/guests/link_sent.html", event=event)


def _page(event: Event, form: GuestForm, status: int = 200) -> ResponseReturnValue:
    closed = rsvps.closed_because(event)
    welcome = access.allows_guests(event)
    return render_page(
        "attendance/guests/new.html",
        status=status,
        event=event,
        form=form,
        closed=closed,
        welcome=welcome,
    )


def _link_page(event: Event, form: GuestLinkForm, status: int = 200) -> ResponseReturnValue:
    return render_page("attendance/guests/link.html", status=status, event=event, form=form)
