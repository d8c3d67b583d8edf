"""One's own account: overview, settings, security and password."""

from flask import Blueprint, current_app, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.extensions import db
from ...core.http import limits
from ...core.http.errors import UserError
from ...core.http.pages import redirect_303, render_page
from ...core.http.permissions import signed_in
from ...core.http.submit import done
from ...core.i18n import forget_locale
from .. import credentials, email_addresses, passwords, reads, settings, sign_ins
from ..forms import PasswordForm, SettingsForm

bp = Blueprint("account", __name__, url_prefix="/account")


@bp.get("")
@signed_in
def show() -> ResponseReturnValue:
    """Show the reader's account, with links to everything that they can change."""
    return render_page("accounts/account.html")


settings_bp = Blueprint("settings", __name__, url_prefix="/account/settings")


@settings_bp.get("")
@signed_in
def edit() -> ResponseReturnValue:
    """Show the settings form: language, time zone, theme and the like."""
    return render_page(
        "accounts/settings.html",
        form=SettingsForm(**settings.current_settings(current_user)._asdict()),
    )


@settings_bp.post("")
@signed_in
def update() -> ResponseReturnValue:
    """Save the settings; the next page and email use them."""
    form = SettingsForm()
    if not form.validate_on_submit():
        return render_page("accounts/settings.html", form=form, status=422)
    settings.apply_settings(current_user, form.chosen)
    db.session.commit()
    forget_locale()
    flash(_("Settings saved."))
    return redirect_303(url_for("settings.edit"))


security_bp = Blueprint("security", __name__, url_prefix="/account/security")


@security_bp.get("", endpoint="show")
@signed_in
def show_security() -> ResponseReturnValue:
    """Show the security settings and a pending change of address."""
    number = len(reads.sign_ins_of(current_user, current_app.config))
    return render_page(
        "accounts/security.html", sign_ins=number, pending=email_addresses.pending(current_user)
    )


passwords_bp = Blueprint("passwords", __name__, url_prefix="/password/change")


@passwords_bp.get("", endpoint="edit")
@signed_in
def edit_password() -> ResponseReturnValue:
    """Show the form for a new password."""
    return render_page("accounts/password.html", form=PasswordForm())


@passwords_bp.post("", endpoint="update")
@signed_in
@limits.own_password
def update_password() -> ResponseReturnValue:
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
    db.session.rollback()  # release the database: hashing takes a while
    proof = credentials.proof_for_user(user_id, form.current.data or "")
    kept = credentials.hash_password(form.password.data or "")
    try:
        sign_ins.mark_reauthenticated(here, proof)
    except UserError as broken:
        db.session.rollback()
        return _wrong_password(form, broken, proof)
    passwords.change(here.user, kept, here=here)
    return done(
        url_for("account.show"),
        _("Password changed. Every other browser was signed out."),
    )


def _wrong_password(
    form: PasswordForm, broken: UserError, proof: credentials.PasswordProof
) -> ResponseReturnValue:
    credentials.log_failure(proof, "password_check.failed")
    db.session.commit()
    form.refuse(UserError(broken.message, field="current"))
    return render_page("accounts/password.html", form=form, status=422)
