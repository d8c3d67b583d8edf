"""The password again, before what must be safe."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from ...core import limits
from ...core.pages import render_page, see
from ...core.permissions import signed_in
from ..forms import Proof
from .fresh import shown
from .onward import own_page

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
    broken = shown(form.password.data or "")
    if broken is not None:
        form.refuse(broken)
        return render_page("accounts/proof.html", form=form, status=422)
    return see(own_page(form.next.data))
