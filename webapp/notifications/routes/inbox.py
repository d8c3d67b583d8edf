"""The inbox, and its lines as links to what they are about."""

import uuid

from flask import Blueprint, abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.db.engine import reading
from ...core.extensions import db
from ...core.http.pages import redirect_303, render_page, wanted_fragment
from ...core.http.permissions import signed_in
from ...core.http.submit import done
from ...core.time import clock
from .. import inbox, outdated, reads

bp = Blueprint("inbox", __name__)

FRAGMENTS = {"inbox": "notifications/_inbox.html", "unread": "layout/_unread.html"}


@bp.get("/inbox")
@signed_in
def index() -> ResponseReturnValue:
    """List the reader's notifications, newest first; ?show=unread leaves out read ones."""
    if wanted_fragment() == "unread":
        return render_page("notifications/inbox.html", FRAGMENTS)
    only_unread = request.args.get("show") == "unread"
    page = reads.page_of(current_user, before=_cursor(), unread=only_unread)
    return render_page(
        "notifications/inbox.html",
        FRAGMENTS,
        sections=reads.by_day(
            page.lines,
            clock.now(),
            current_user.zone,
            outdated.outdated(current_user, page.lines),
        ),
        older=page.older,
        only_unread=only_unread,
        first=_cursor() is None,
    )


@bp.get("/inbox/<uuid:id>")
@signed_in
def show(id: uuid.UUID) -> ResponseReturnValue:
    """Mark the notification as read, and redirect to what it is about.

    The one GET here that writes: following the link means that it was read.
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
    return redirect_303(url if _is_ours(url) else url_for(".index"))


def _cursor() -> uuid.UUID | None:
    return request.args.get("before", type=uuid.UUID)


def _is_ours(url: str) -> bool:
    """Whether this is a path of this site that browsers don't take for another one."""
    return url.startswith("/") and url[1:2] not in {"/", "\\"} and url.isprintable()


readings_bp = Blueprint("inbox_readings", __name__)


@readings_bp.post("/inbox/reading")
@signed_in
def create() -> ResponseReturnValue:
    """Mark all as read."""
    inbox.mark_all_read(current_user)
    return done(url_for("inbox.index"), _("Everything is marked as read."))
