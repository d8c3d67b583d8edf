"""What is announced, as those who manage the site write it."""

from datetime import datetime

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.extensions import db
from ...core.http.errors import UserError
from ...core.http.pages import redirect_303, render_page
from ...core.http.permissions import actor, admins_may
from ...core.http.submit import done
from ...core.time import time_zones
from .. import announcements
from ..forms import AnnouncementForm

bp = Blueprint("admin_announcement", __name__, url_prefix="/admin/announcement")


@bp.get("")
@admins_may("site:settle")
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


@bp.post("")
@admins_may("site:settle")
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
    return done(url_for("admin_announcement.edit"), _("Every page says it now."))


@bp.get("/removal")
@admins_may("site:settle")
def ask() -> ResponseReturnValue:
    """Ask before the announcement is deleted."""
    if announcements.current() is None:
        return redirect_303(url_for("admin_announcement.edit"))
    return render_page("admin/unannouncing.html")


@bp.post("/removal")
@admins_may("site:settle")
def delete() -> ResponseReturnValue:
    """Delete the announcement."""
    announcements.end(actor())
    return done(url_for("admin_announcement.edit"), _("Nothing is announced any more."))


def _page(form: AnnouncementForm, status: int = 200) -> ResponseReturnValue:
    return render_page(
        "admin/announcement.html", form=form, announced=announcements.current(), status=status
    )


def _wall(until: datetime | None) -> datetime | None:
    return time_zones.wall(until, current_user.zone) if until is not None else None
