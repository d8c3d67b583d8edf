"""The site's settings."""

from flask import Blueprint, current_app, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...accounts.routes.reauthentication import reauthenticated
from ...core import site_settings
from ...core.extensions import db
from ...core.http.errors import UserError
from ...core.http.pages import render_page
from ...core.http.permissions import actor, admins_may
from ...core.http.submit import done
from .. import settings
from ..forms import SIGN_UP_HINTS, SiteSettingsForm

bp = Blueprint("admin_settings", __name__, url_prefix="/admin/settings")


@bp.get("")
@admins_may("site:setup")
def edit() -> ResponseReturnValue:
    """Show the site's settings."""
    holds = {name.lower(): site_settings.value(name) for name in settings.SETTLED}
    return _page(SiteSettingsForm(formdata=None, version=_stamp(), **holds))


@bp.post("")
@admins_may("site:setup")
@reauthenticated
def update() -> ResponseReturnValue:
    """Save the site's settings, for everyone's next page."""
    form = SiteSettingsForm()
    if not form.validate():
        return _page(form, 422)
    try:
        changed = settings.save_settings(
            form.wanted(), current_app.config, form.version.data or "", actor()
        )
    except UserError as broken:
        db.session.rollback()
        form.version.data = _stamp()
        form.version.raw_data = None
        return _page(form.refuse(broken), broken.status)
    return done(
        url_for("admin_settings.edit"),
        _("Settings saved for everyone.") if changed else _("Nothing changed."),
    )


def _stamp() -> str:
    return settings.stamp(site_settings.now(), current_app.config)


def _page(form: SiteSettingsForm, status: int = 200) -> ResponseReturnValue:
    usual = {name.lower(): current_app.config.get(name, "") for name in settings.SETTLED}
    return render_page(
        "admin/settings.html", form=form, usual=usual, hints=SIGN_UP_HINTS, status=status
    )
