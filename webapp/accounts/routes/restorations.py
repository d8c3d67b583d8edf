"""Coming back to an account that was about to be deleted."""

from flask import Blueprint, current_app, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...core.extensions import db
from ...core.http import limits
from ...core.http.errors import UserError
from ...core.http.pages import redirect_303
from ...core.http.permissions import public
from .. import account_deletion, loader, sign_ins
from .reauthentication import prefilled_account

bp = Blueprint("returning", __name__)


@bp.post("/account/return")
@public
@limits.with_proof
def create() -> ResponseReturnValue:
    """Restore an account that is being deleted, and sign its person in."""
    try:
        user = account_deletion.come_back(*prefilled_account())
    except UserError as broken:
        db.session.rollback()
        flash(broken.message)
        return redirect_303(url_for("sign_ins.new"))
    secret = sign_ins.open_for(
        user, current_app.config, sign_ins.device_name(request.user_agent.string)
    )
    db.session.commit()
    loader.start(secret)
    flash(_("Good to have you back. Your account stays as it was."))
    return redirect_303("/")
