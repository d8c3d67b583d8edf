"""One's own account."""

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import refresh
from flask_login import current_user

from ...core.extensions import db
from ...core.http.pages import redirect_303, render_page
from ...core.http.permissions import signed_in
from .. import settings
from ..forms import SettingsForm

bp = Blueprint("account", __name__, url_prefix="/account")


@bp.get("")
@signed_in
def show() -> ResponseReturnValue:
    """Show the reader's account, with links to everything that they can change."""
    return render_page("accounts/account.html")


settings_bp = Blueprint("settings", __name__, url_prefix="/account/settings")


@settings_bp.get("")
@signed_in
def edit() -> ResponseReturnValue:
    """Show the settings form: language, time zone, theme and the like."""
    return render_page(
        "accounts/settings.html",
        form=SettingsForm(**settings.current_settings(current_user)._asdict()),
    )


@settings_bp.post("")
@signed_in
def update() -> ResponseReturnValue:
    """Save the settings; the next page and email use them."""
    form = SettingsForm()
    if not form.validate_on_submit():
        return render_page("accounts/settings.html", form=form, status=422)
    settings.apply_settings(current_user, form.wanted)
    db.session.commit()
    refresh()
    flash(_("Settings saved."))
    return redirect_303(url_for("settings.edit"))
