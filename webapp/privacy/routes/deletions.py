"""Deleting one's account."""

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...accounts import credentials, loader
from ...core import i18n
from ...core.extensions import db
from ...core.http import limits
from ...core.http.errors import UserError
from ...core.http.pages import redirect_303, render_page
from ...core.http.permissions import actor, signed_in
from .. import deletions
from ..forms import DeletionForm

bp = Blueprint("deletions", __name__, url_prefix="/account/deletion")


@bp.get("")
@signed_in
def new() -> ResponseReturnValue:
    """Show what is deleted, what stays without a name and what must be handed over, and ask."""
    return _page(DeletionForm())


@bp.post("")
@signed_in
@limits.own_password
def create() -> ResponseReturnValue:
    """Close the account and sign out everywhere; for 14 days a sign-in can restore it."""
    form = DeletionForm()
    if not form.validate_on_submit():
        return _page(form, 422)
    user = actor()
    user_id, password = user.id, form.password.data or ""
    db.session.rollback()  # hashing takes a while: nothing is held meanwhile
    proof = credentials.of_user(user_id, password)
    try:
        deletions.ask(user, proof)
    except UserError as broken:
        db.session.rollback()
        if not proof.is_right:
            credentials.failed(proof, "proof.failed")
            db.session.commit()
        return _page(form.refuse(broken), broken.status)
    until = i18n.moment(user.deletion_due_at, user.zone)
    db.session.commit()
    loader.stop()
    flash(
        _(
            "You’re signed out everywhere. Your account will be deleted on %(until)s. Sign in "
            "before then to keep it.",
            until=until,
        )
    )
    return redirect_303(url_for("sign_ins.new"))


def _page(form: DeletionForm, status: int = 200) -> ResponseReturnValue:
    return render_page(
        "privacy/deletion.html", form=form, status=status, **deletions.before_leaving(actor())
    )
