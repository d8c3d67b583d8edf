"""Unsubscribing from a type of email by its link: no sign-in, no cookie, one click."""

import uuid

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from ...core.extensions import csrf, db
from ...core.http.pages import render_page
from ...core.http.permissions import public
from .. import unsubscribe
from ..models import INBOX
from ..unsubscribe import Way

bp = Blueprint("unsubscriptions", __name__)

ADDRESS = "/unsubscription/<uuid:user_id>/<kind>/<token>"
#: What email programs post, by RFC 8058; our own button posts the same.
FIELD, ONE_CLICK = "List-Unsubscribe", "One-Click"


@bp.get(ADDRESS)
@public
def show(user_id: uuid.UUID, kind: str, token: str) -> ResponseReturnValue:
    """Show what would stop, and the button; email scanners follow links, so nothing changes yet."""
    way = unsubscribe.find(user_id, kind, token)
    return _not_valid() if way is None else _page("notifications/unsubscription.html", way)


@bp.post(ADDRESS)
@public
@csrf.exempt
def create(user_id: uuid.UUID, kind: str, token: str) -> ResponseReturnValue:
    """Stop such emails to the person, or send them again if they undo it.

    Email providers post this with only the link, which is the proof, so there is no CSRF token. The
    answer is a page, because RFC 8058 forbids redirects.
    """
    way = unsubscribe.find(user_id, kind, token)
    if way is None:
        return _not_valid()
    if "undo" in request.form:
        unsubscribe.undo(way, request.form["undo"])
        db.session.commit()
        return _page("notifications/subscribed.html", way)
    if request.form.get(FIELD) != ONE_CLICK:
        abort(400)
    before = unsubscribe.stop(way)
    db.session.commit()
    return _page("notifications/unsubscribed.html", way, before=before)


def _page(template: str, way: Way, before: str = "") -> ResponseReturnValue:
    return render_page(
        template,
        kind=way.kind,
        action=request.path,
        inbox=way.kind.without_email == INBOX,
        before=before,
    )


def _not_valid() -> ResponseReturnValue:
    return render_page("notifications/unsubscription_not_valid.html", status=404)
