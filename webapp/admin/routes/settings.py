"""The site's settings."""

from flask import Blueprint, current_app, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...accounts.routes.fresh import fresh
from ...core import site
from ...core.errors import RuleBroken
from ...core.extensions import db
from ...core.pages import render_page, see
from ...core.permissions import admins_may, me
from .. import settling
from ..forms import SIGN_UP_HINTS, SettingsForm

bp = Blueprint("admin_settings", __name__, url_prefix="/admin/settings")


@bp.get("")
@admins_may("site:settle")
def edit() -> ResponseReturnValue:
    """What holds now."""
    holds = {name.lower(): site.value(name) for name in settling.SETTLED}
    return _page(SettingsForm(formdata=None, version=_stamp(), **holds))


@bp.post("")
@admins_may("site:settle")
@fresh
def update() -> ResponseReturnValue:
    """It holds from the next page on, for everybody."""
    form = SettingsForm()
    if not form.validate():
        return _page(form, 422)
    try:
        changed = settling.settle(form.wanted(), current_app.config, form.version.data or "", me())
    except RuleBroken as broken:
        db.session.rollback()
        form.version.data = _stamp()
        form.version.raw_data = None
        return _page(form.refuse(broken), broken.status)
    db.session.commit()
    flash(
        _("Saved. It holds for everybody from now on.") if changed else _("Nothing was changed."),
        "yes",
    )
    return see(url_for("admin_settings.edit"))


def _stamp() -> str:
    return settling.stamp(site.now(), current_app.config)


def _page(form: SettingsForm, status: int = 200) -> ResponseReturnValue:
    usual = {name.lower(): current_app.config.get(name, "") for name in settling.SETTLED}
    return render_page(
        "admin/settings.html", form=form, usual=usual, hints=SIGN_UP_HINTS, status=status
    )
