"""A guest's page, opened by the emailed link: their answer, the event, and their data.

Opening it changes nothing: email scanners follow links.
"""

import json
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...core.extensions import csrf, db
from ...core.http.errors import UserError
from ...core.http.pages import render_page
from ...core.http.permissions import opens
from ...core.http.submit import done, submitted
from ...core.http.way_back import lead_back_to
from ...events import access, calendar
from ...events.models import NOT_GOING, Guest
from .. import guest_links, guests, rsvps
from ..forms.rsvps import RsvpForm, form_of, shown_form
from ..labels import accepted_in_words, declined_in_words, saved_in_words
from ..reads import event_view
from ..reads.guests import data_of

bp = Blueprint("guest_pages", __name__, url_prefix="/guests/<uuid:guest_id>/<token>")
PARTS = {"rsvp": "attendance/_rsvp.html"}


def guest_at(_reader: Any, guest_id: UUID, token: str) -> Guest:
    """Return the guest with this link; otherwise abort with a page that explains why it isn't
    valid. With an account they answer on the event's page.
    """
    guest = guest_links.find(guest_id, token)
    if guest is None:
        abort(not_valid(guest_id))
    lead_back_to(f"{guest.event.path}/rsvp")
    return guest


def not_valid(guest_id: UUID) -> Response:
    """Explain why a link may not be valid, and what to do."""
    replaced = guest_links.is_replaced(guest_id)
    return render_page("attendance/guests/not_valid.html", status=404, replaced=replaced)


def open_to(_reader: Any, guest_id: UUID, token: str) -> Guest:
    """Return the guest if they may see the event; otherwise abort with an explanation."""
    guest = guest_at(_reader, guest_id, token)
    if not access.may_see(guest, guest.event):
        abort(_closed(guest, 404))
    return guest


def _closed(guest: Guest, status: int = 200) -> Response:
    return render_page(
        "attendance/guests/closed.html", status=status, guest=guest, path=guest_links.path(guest)
    )


@bp.get("")
@opens(guest_at, to_visitors=True)
def show(guest: Guest) -> ResponseReturnValue:
    """Show the guest's answer, what they can do, and the event."""
    return _page(guest)


@bp.post("/rsvp")
@opens(guest_at, to_visitors=True)
def answer(guest: Guest) -> ResponseReturnValue:
    """Give or change the answer; the first one confirms the address."""
    form = form_of(guest.event, guest)
    if not form.validate():
        return _page(guest, form, 422)

    def again(refused: UserError, guest: Guest) -> ResponseReturnValue:
        fresh_form = form_of(guest.event, guest)  # which may ask other questions by now
        return _page(guest, fresh_form.refuse(refused), refused.status)

    return submitted(
        None,
        lambda: guests.answer(guest, **form.given()),
        again,
        to=guest_links.path(guest),
        flash=saved_in_words,
    )


@bp.post("/rsvp/removal")
@opens(guest_at, to_visitors=True)
def withdraw(guest: Guest) -> ResponseReturnValue:
    """Give up the seats, or leave the waiting list."""
    return _back(guest, saved_in_words(rsvps.withdraw(guest.event, by=guest)))


@bp.post("/offer/acceptance")
@opens(guest_at, to_visitors=True)
def accept(guest: Guest) -> ResponseReturnValue:
    """Accept the offered seats."""
    return _back(guest, accepted_in_words(rsvps.accept_offer(guest.event, by=guest)))


@bp.post("/offer/refusal")
@opens(guest_at, to_visitors=True)
def refuse(guest: Guest) -> ResponseReturnValue:
    """Decline the offered seats; the guest goes to the back of the waiting list."""
    rsvps.decline_offer(guest.event, by=guest)
    return _back(guest, declined_in_words())


@bp.get("/event.ics")
@opens(open_to, to_visitors=True)
def file(guest: Guest) -> ResponseReturnValue:
    """Serve the event as a calendar file for the guest."""
    row = rsvps.of(guest.event, guest)
    online_url = access.online_url_for(guest, guest.event, row)
    state, turns = (row.state, row.calendar_turns) if row is not None else (NOT_GOING, 0)
    made = calendar.file_for(guest.event, state, online_url, turns=turns)
    return _download(made, calendar.KIND, calendar.NAME)


@bp.get("/data.json")
@opens(guest_at, to_visitors=True)
def export(guest: Guest) -> ResponseReturnValue:
    """Download everything that is stored about the guest."""
    made = json.dumps(data_of(guest), ensure_ascii=False, indent=2).encode()
    return _download(made, "application/json", "my-answer.json")


@bp.get("/deletion")
@opens(guest_at, to_visitors=True)
def ask(guest: Guest) -> ResponseReturnValue:
    """Ask before the guest's data is deleted."""
    return render_page("attendance/guests/deletion.html", guest=guest, path=guest_links.path(guest))


@bp.post("/deletion")
@opens(guest_at, to_visitors=True)
def delete(guest: Guest) -> ResponseReturnValue:
    """Delete the guest's name and address, and end the link."""
    slug, is_visible = guest.event.slug, access.may_see(guest, guest.event)
    withdrawn = guest.confirmed_at is not None and not guest.event.is_finished
    guests.forget(guest)
    return done(
        url_for("events.show", slug=slug) if is_visible else url_for("events.index"),
        _("Your name and email address were deleted, and your answer was withdrawn.")
        if withdrawn
        else _("Your name and email address were deleted."),
    )


def _back(guest: Guest, message: str) -> ResponseReturnValue:
    return done(guest_links.path(guest), message)


def _page(guest: Guest, form: RsvpForm | None = None, status: int = 200) -> ResponseReturnValue:
    event = guest.event
    if not access.may_see(guest, event):
        return _closed(guest, status)
    view = event_view.view_for(guest, event)
    shown = {
        "way_out": guest_links.unsubscribe_url(guest),
        "guest": guest,
        "event": event,
        "view": view,
        **shown_form(view, form),
    }
    return render_page("attendance/guests/show.html", PARTS, status=status, **shown)


def _download(made: bytes, kind: str, name: str) -> Response:
    answer = Response(made, mimetype=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


# Unsubscribe pages for guests, linked in every reminder and message. No sign-in, no cookie, one
# click.

silences_bp = Blueprint(
    "guest_silences", __name__, url_prefix="/guests/<uuid:guest_id>/<token>/silence"
)

#: What email programs post, by RFC 8058; our own button posts the same.
FIELD, ONE_CLICK = "List-Unsubscribe", "One-Click"


def _guest(_reader: Any, guest_id: UUID, token: str) -> Guest:
    guest = guest_links.find_unsubscribing(guest_id, token)
    if guest is None:
        abort(not_valid(guest_id))
    return guest


@silences_bp.get("", endpoint="show")
@opens(_guest, to_visitors=True)
def show_silence(guest: Guest) -> ResponseReturnValue:
    """Show what would stop, and the button; email scanners follow links, so nothing changes yet."""
    return _silence_page(guest)


@silences_bp.post("", endpoint="create")
@csrf.exempt
@opens(_guest, to_visitors=True)
def silence(guest: Guest) -> ResponseReturnValue:
    """Stop reminders and messages to the guest.

    Email providers post this with only the link, which is the proof. The answer is a page, because
    RFC 8058 forbids redirects.
    """
    if request.form.get(FIELD) != ONE_CLICK:
        abort(400)
    guests.unsubscribe(guest)
    db.session.commit()
    return _silence_page(guest)


def _silence_page(guest: Guest) -> ResponseReturnValue:
    done = guest.unsubscribed_at is not None
    return render_page(
        "attendance/guests/unsubscription.html", action=request.path, event=guest.event, done=done
    )
