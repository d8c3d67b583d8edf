"""What keeps an account its owner's: address, password, sign-ins."""

from flask import Blueprint, current_app, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.extensions import db
from ...core.http import limits
from ...core.http.errors import UserError
from ...core.http.pages import render_page
from ...core.http.permissions import signed_in
from ...core.http.submit import done
from .. import credentials, email_addresses, passwords, reads, sign_ins
from ..forms import PasswordForm

bp = Blueprint("security", __name__, url_prefix="/account/security")


@bp.get("")
@signed_in
def show() -> ResponseReturnValue:
    """Show the security settings, and a change of address that is waiting."""
    number = len(reads.sign_ins_of(current_user, current_app.config))
    return render_page(
        "accounts/security.html", sign_ins=number, pending=email_addresses.pending(current_user)
    )


passwords_bp = Blueprint("passwords", __name__, url_prefix="/password/change")


@passwords_bp.get("")
@signed_in
def edit() -> ResponseReturnValue:
    """Show the form for a new password."""
    return render_page("accounts/password.html", form=PasswordForm())


@passwords_bp.post("")
@signed_in
@limits.own_password
def update() -> ResponseReturnValue:
    """Change the password, and sign out every other browser."""
    form = PasswordForm()
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
    proof = credentials.of_user(user_id, form.current.data or "")
    kept = credentials.hash_password(form.password.data or "")
    try:
        sign_ins.proved(here, proof)
    except UserError as broken:
        db.session.rollback()
        return _wrong(form, broken, proof)
    passwords.change(here.user, kept, here=here)
    return done(
        url_for("account.show"),
        _("Password changed. Every other browser was signed out."),
    )


def _wrong(
    form: PasswordForm, broken: UserError, proof: credentials.PasswordProof
) -> ResponseReturnValue:
    credentials.failed(proof, "proof.failed")
    db.session.commit()
    form.refuse(UserError(broken.message, field="current"))
    return render_page("accounts/password.html", form=form, status=422)
