"""Coming back to an account that was about to be deleted."""

from flask import Blueprint, current_app, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...core import limits
from ...core.errors import RuleBroken
from ...core.extensions import db
from ...core.pages import see
from ...core.permissions import public
from .. import devices, leaving, loader, sign_ins
from .carried import account_and_proof

bp = Blueprint("returning", __name__)


@bp.post("/account/return")
@public
@limits.with_proof
def create() -> ResponseReturnValue:
    """The account is in use again, and its person signed in; the sign-in page says why not."""
    try:
        user = leaving.come_back(*account_and_proof())
    except RuleBroken as broken:
        db.session.rollback()
        flash(broken.sentence)
        return see(url_for("sign_ins.new"))
    secret = sign_ins.open_for(
        user, current_app.config, devices.in_words(request.user_agent.string)
    )
    db.session.commit()
    loader.start(secret)
    flash(_("Good to have you back. Your account stays as it was."))
    return see("/")
