"""What is announced, as those who look after the site write it."""

from datetime import datetime

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core import times
from ...core.errors import RuleBroken
from ...core.extensions import db
from ...core.pages import render_page, see
from ...core.permissions import admins_may, me
from .. import announcing
from ..forms import AnnouncementForm

bp = Blueprint("admin_announcement", __name__, url_prefix="/admin/announcement")


@bp.get("")
@admins_may("site:settle")
def edit() -> ResponseReturnValue:
    """What is announced now, to be changed; or nothing so far."""
    now = announcing.standing()
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
    """Every page says it from now on."""
    form = AnnouncementForm()
    if not form.validate():
        return _page(form, 422)
    try:
        until = form.moment(current_user.zone)
        announcing.announce(
            form.words.data or "", form.level.data, until, me(), form.seen.data or ""
        )
    except RuleBroken as broken:
        db.session.rollback()
        now = announcing.standing()
        form.seen.data, form.seen.raw_data = now and now.id, None
        return _page(form.refuse(broken), broken.status)
    db.session.commit()
    flash(_("Every page says it now."), "yes")
    return see(url_for("admin_announcement.edit"))


@bp.get("/removal")
@admins_may("site:settle")
def ask() -> ResponseReturnValue:
    """Are you sure?"""
    if announcing.standing() is None:
        return see(url_for("admin_announcement.edit"))
    return render_page("admin/unannouncing.html")


@bp.post("/removal")
@admins_may("site:settle")
def delete() -> ResponseReturnValue:
    """Nothing is announced any more."""
    announcing.end(me())
    db.session.commit()
    flash(_("Nothing is announced any more."), "yes")
    return see(url_for("admin_announcement.edit"))


def _page(form: AnnouncementForm, status: int = 200) -> ResponseReturnValue:
    return render_page(
        "admin/announcement.html", form=form, announced=announcing.standing(), status=status
    )


def _wall(until: datetime | None) -> datetime | None:
    return times.wall(until, current_user.zone) if until is not None else None
