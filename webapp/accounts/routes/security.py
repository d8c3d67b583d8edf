"""What keeps an account its owner's: address, password, sign-ins."""

from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ...core.pages import render_page
from ...core.permissions import signed_in
from .. import addresses, reads

bp = Blueprint("security", __name__, url_prefix="/account/security")


@bp.get("")
@signed_in
def show() -> ResponseReturnValue:
    """The ways to what can be changed, and a change of address that waits."""
    number = len(reads.sign_ins_of(current_user, current_app.config))
    return render_page(
        "accounts/security.html", sign_ins=number, pending=addresses.pending(current_user)
    )
