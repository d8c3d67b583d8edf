"""The password again, before what must be safe."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ...core import limits
from ...core.errors import RuleBroken
from ...core.extensions import db
from ...core.pages import render_page, see
from ...core.permissions import signed_in
from .. import proofs, sign_ins
from ..forms import Proof
from .returns import own_page

bp = Blueprint("proofs", __name__, url_prefix="/account/proof")


@bp.get("")
@signed_in
def new() -> ResponseReturnValue:
    """The form."""
    return render_page("accounts/proof.html", form=Proof(next=request.args.get("next", "")))


@bp.post("")
@signed_in
@limits.own_password
def create() -> ResponseReturnValue:
    """For 15 minutes nothing asks again; on to the page that did."""
    form = Proof()
    if not form.validate_on_submit():
        return render_page("accounts/proof.html", form=form, status=422)
    user_id, here = current_user.id, current_user.sign_in
    db.session.rollback()  # hashing takes a while: nothing is held meanwhile
    proof = proofs.of_user(user_id, form.password.data or "")
    try:
        sign_ins.proved(here, proof)
    except RuleBroken as broken:
        db.session.rollback()
        proofs.failed(proof, "proof.failed")
        db.session.commit()
        form.refuse(broken)
        return render_page("accounts/proof.html", form=form, status=422)
    db.session.commit()
    return see(own_page(form.next.data))
