"""One's own account."""

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.extensions import db
from ...core.pages import render_page, see
from ...core.permissions import signed_in
from .. import people, reads
from ..forms import Account

bp = Blueprint("account", __name__, url_prefix="/account")


@bp.get("")
@signed_in
def show() -> ResponseReturnValue:
    """Who one is here, and the ways to what can be changed."""
    return _page(Account(zone=current_user.zone))


@bp.post("")
@signed_in
def update() -> ResponseReturnValue:
    """Times are shown in the chosen zone."""
    form = Account()
    if not form.validate_on_submit():
        return _page(form, 422)
    people.settle(current_user, zone=form.zone.data)
    db.session.commit()
    flash(_("Your times are shown in this zone from now on."))
    return see(url_for("account.show"))


def _page(form: Account, status: int = 200) -> ResponseReturnValue:
    waiting = len(reads.waiting()) if current_user.is_admin else 0
    number = len(reads.sign_ins_of(current_user))
    return render_page("accounts/account.html", form=form, sign_ins=number, waiting=waiting, status=status)
