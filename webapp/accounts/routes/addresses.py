"""One's own e-mail address, and its change."""

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core import limits
from ...core.errors import RuleBroken
from ...core.extensions import db
from ...core.pages import render_page, see
from ...core.permissions import me, signed_in
from .. import addresses
from ..forms import Address
from .fresh import fresh

bp = Blueprint("addresses", __name__, url_prefix="/account/email")


@bp.get("")
@signed_in
@fresh
def edit() -> ResponseReturnValue:
    """Which one instead?"""
    return render_page("accounts/address.html", form=Address())


@bp.post("")
@signed_in
@fresh
@limits.sends_mail
def update() -> ResponseReturnValue:
    """A letter is on its way to the new address, and one to the old; the answer is the same
    whoever has it.
    """
    form = Address()
    if not form.validate_on_submit():
        return render_page("accounts/address.html", form=form, status=422)
    email = form.email.data or ""
    try:
        if email != current_user.email:
            limits.letter_to(email)
            limits.letter_to(current_user.email)
        addresses.ask(me(), email)
    except RuleBroken as broken:
        db.session.rollback()
        return render_page("accounts/address.html", form=form.refuse(broken), status=422)
    db.session.commit()
    flash(_("A mail is on its way to %(email)s.", email=email))
    return see(url_for("security.show"))


@bp.post("/withdrawal")
@signed_in
def delete() -> ResponseReturnValue:
    """The address stays as it is: the link that is on its way is dead."""
    addresses.withdraw(me())
    db.session.commit()
    flash(_("Your address stays as it is."))
    return see(url_for("security.show"))
