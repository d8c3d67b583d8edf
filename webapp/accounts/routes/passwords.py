"""The change of a password by those who know it."""

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core import limits
from ...core.errors import RuleBroken
from ...core.extensions import db
from ...core.pages import render_page, see
from ...core.permissions import signed_in
from .. import hashing, passwords, proofs, sign_ins
from ..forms import Change

bp = Blueprint("passwords", __name__, url_prefix="/password/change")


@bp.get("")
@signed_in
def edit() -> ResponseReturnValue:
    """The current password, and a new one twice."""
    return render_page("accounts/password.html", form=Change())


@bp.post("")
@signed_in
@limits.own_password
def update() -> ResponseReturnValue:
    """The password is another one, and every other browser is signed out."""
    form = Change()
    form.inputs = (
        current_user.first_name,
        current_user.last_name,
        current_user.handle,
        current_user.email,
    )
    if not form.validate_on_submit():
        return render_page("accounts/password.html", form=form, status=422)
    user_id, here = current_user.id, current_user.sign_in
    db.session.rollback()  # hashing takes a while: nothing is held meanwhile
    proof = proofs.of_user(user_id, form.current.data or "")
    kept = hashing.hashed(form.password.data or "")
    try:
        sign_ins.proved(here, proof)
    except RuleBroken as broken:
        db.session.rollback()
        return _wrong(form, broken, proof)
    passwords.change(here.user, kept, here=here)
    db.session.commit()
    flash(_("Your password is changed, and every other browser is signed out."))
    return see(url_for("account.show"))


def _wrong(form: Change, broken: RuleBroken, proof: proofs.Proof) -> ResponseReturnValue:
    proofs.failed(proof, "proof.failed")
    db.session.commit()
    form.refuse(RuleBroken(broken.sentence, field="current"))
    return render_page("accounts/password.html", form=form, status=422)
