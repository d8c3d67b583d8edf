"""The inbox, and each line in it as a way to what it is about."""

import uuid

from flask import Blueprint, abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ...core import clock
from ...core.database import reading
from ...core.extensions import db
from ...core.pages import render_page, see, wanted_fragment
from ...core.permissions import signed_in
from .. import inbox, reads

bp = Blueprint("inbox", __name__)

FRAGMENTS = {"inbox": "notifications/_inbox.html", "unread": "layout/_unread.html"}


@bp.get("/inbox")
@signed_in
def index() -> ResponseReturnValue:
    """What reached me, newest first; `?show=unread` leaves out what I have read."""
    if wanted_fragment() == "unread":
        return render_page("notifications/inbox.html", FRAGMENTS)
    only_unread = request.args.get("show") == "unread"
    page = reads.page_of(current_user, before=_cursor(), unread=only_unread)
    return render_page(
        "notifications/inbox.html",
        FRAGMENTS,
        sections=reads.by_day(page.lines, clock.now(), current_user.zone),
        older=page.older,
        only_unread=only_unread,
        first=_cursor() is None,
    )


@bp.get("/inbox/<uuid:id>")
@signed_in
def show(id: uuid.UUID) -> ResponseReturnValue:
    """To what the line is about; the line is read.

    The one GET here that writes: a link that is followed has been read.
    """
    db.session.rollback()
    token = reading.set(False)
    try:
        url = inbox.open_line(current_user, id)
        db.session.commit()
    finally:
        reading.reset(token)
    if url is None:
        abort(404)
    return see(url if _is_ours(url) else url_for(".index"))


def _cursor() -> uuid.UUID | None:
    return request.args.get("before", type=uuid.UUID)


def _is_ours(url: str) -> bool:
    """A path of this site, not something that a browser would take for another one."""
    return url.startswith("/") and url[1:2] not in {"/", "\\"} and url.isprintable()
