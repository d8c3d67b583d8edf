"""How the site looks and speaks to me."""

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import refresh
from flask_login import current_user

from ...core.extensions import db
from ...core.pages import render_page, see
from ...core.permissions import signed_in
from .. import settings
from ..forms import Settings

bp = Blueprint("settings", __name__, url_prefix="/account/settings")


@bp.get("")
@signed_in
def edit() -> ResponseReturnValue:
    """What there is to choose, as it is now."""
    return render_page(
        "accounts/settings.html", form=Settings(**settings.settled(current_user)._asdict())
    )


@bp.post("")
@signed_in
def update() -> ResponseReturnValue:
    """The next page is as the form says, and so is the next mail."""
    form = Settings()
    if not form.validate_on_submit():
        return render_page("accounts/settings.html", form=form, status=422)
    settings.settle(current_user, form.wanted)
    db.session.commit()
    refresh()
    flash(_("Your settings are kept, for every page and every mail."))
    return see(url_for("settings.edit"))
