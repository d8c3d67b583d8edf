"""The announcement: read and dismissed by everyone, written by admins."""

from datetime import datetime
from typing import Any

from flask import Blueprint, has_request_context, make_response, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...accounts.routes.safe_redirect import safe_target
from ...core.extensions import db
from ...core.http.errors import UserError
from ...core.http.pages import redirect_303, render_page, wanted_fragment
from ...core.http.permissions import actor, admins_may, page_before, public
from ...core.http.submit import done
from ...core.time import time_zones
from .. import announcements
from ..forms import AnnouncementForm

bp = Blueprint("announcements", __name__, url_prefix="/announcement")
#: Where a browser's cookie remembers which announcement was dismissed.
_KEY = "announcement"


def here() -> Any:
    """Return the announcement, unless it was dismissed in this browser.

    Takes no statement of its own.
    """
    found = announcements.current()
    is_read = found is not None and has_request_context() and session.get(_KEY) == found.id
    return None if is_read else found


@bp.get("")
@public
def show() -> ResponseReturnValue:
    """Show visitors the announcement with a button to dismiss it."""
    return render_page(
        "admin/announced.html", announced=announcements.current(), back=safe_target(page_before())
    )


@bp.post("/dismissal")
@public
def delete() -> ResponseReturnValue:
    """Dismiss the announcement in this browser, until there is another."""
    session[_KEY] = request.form.get("id", "")[:40]
    if wanted_fragment() is not None:
        return make_response("", 200)
    return redirect_303(safe_target(request.form.get("next")))


edits_bp = Blueprint("admin_announcement", __name__, url_prefix="/admin/announcement")


@edits_bp.get("")
@admins_may("site:setup")
def edit() -> ResponseReturnValue:
    """Show the form for the announcement."""
    now = announcements.current()
    if now is None:
        return _page(AnnouncementForm(formdata=None))
    return _page(
        AnnouncementForm(
            formdata=None, words=now.words, level=now.level, until=_wall(now.until), seen=now.id
        )
    )


@edits_bp.post("")
@admins_may("site:setup")
def update() -> ResponseReturnValue:
    """Publish the announcement on every page."""
    form = AnnouncementForm()
    if not form.validate():
        return _page(form, 422)
    try:
        until = form.moment(current_user.zone)
        announcements.announce(
            form.words.data or "", form.level.data, until, actor(), form.seen.data or ""
        )
    except UserError as broken:
        db.session.rollback()
        now = announcements.current()
        form.seen.data, form.seen.raw_data = now and now.id, None
        return _page(form.refuse(broken), broken.status)
    return done(url_for("admin_announcement.edit"), _("Announcement published."))


@edits_bp.get("/removal")
@admins_may("site:setup")
def ask() -> ResponseReturnValue:
    """Confirm deleting the announcement."""
    if announcements.current() is None:
        return redirect_303(url_for("admin_announcement.edit"))
    return render_page("admin/unannouncing.html")


@edits_bp.post("/removal", endpoint="delete")
@admins_may("site:setup")
def end() -> ResponseReturnValue:
    """Delete the announcement."""
    announcements.end(actor())
    return done(url_for("admin_announcement.edit"), _("Announcement ended."))


def _page(form: AnnouncementForm, status: int = 200) -> ResponseReturnValue:
    return render_page(
        "admin/announcement.html", form=form, announced=announcements.current(), status=status
    )


def _wall(until: datetime | None) -> datetime | None:
    return time_zones.wall(until, current_user.zone) if until is not None else None
