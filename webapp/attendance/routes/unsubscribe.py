"""The way out of reminders and messages for who has no account: it is in each of them.

No sign-in, no cookie, one press.
"""

from uuid import UUID

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from ...core.extensions import csrf, db
from ...core.http.pages import render_page
from ...core.http.permissions import public
from ...events.models import Guest
from .. import guest_links, guests
from .guest_pages import not_valid

bp = Blueprint("guest_silences", __name__, url_prefix="/guests/<uuid:guest_id>/<token>/silence")

#: What mail programs post, by RFC 8058; our own button posts the same.
FIELD, ONE_CLICK = "List-Unsubscribe", "One-Click"


@bp.get("")
@public
def show(guest_id: UUID, token: str) -> ResponseReturnValue:
    """Show what would stop, and the button; email scanners follow links, so nothing changes yet."""
    return _page(_guest(guest_id, token))


@bp.post("")
@public
@csrf.exempt
def create(guest_id: UUID, token: str) -> ResponseReturnValue:
    """Stop reminders and messages to the guest.

    Email providers post this with only the link, which is the proof. The answer is a page, because
    RFC 8058 forbids redirects.
    """
    guest = _guest(guest_id, token)
    if request.form.get(FIELD) != ONE_CLICK:
        abort(400)
    guests.silence(guest)
    db.session.commit()
    return _page(guest)


def _guest(guest_id: UUID, token: str) -> Guest:
    guest = guest_links.found_by_way_out(guest_id, token)
    if guest is None:
        abort(not_valid(guest_id))
    return guest


def _page(guest: Guest) -> ResponseReturnValue:
    done = guest.unsubscribed_at is not None
    return render_page(
        "attendance/guests/silence.html", action=request.path, event=guest.event, done=done
    )
