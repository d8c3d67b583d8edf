"""The ending of sign-ins: of one in another browser, or of all others."""

import uuid

from flask import Blueprint, abort, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from flask_login import current_user

from ...core.extensions import db
from ...core.http.pages import redirect_303, render_page
from ...core.http.permissions import signed_in
from ...core.http.submit import done
from .. import loader, reads, sign_ins
from .reauthentication import reauthenticated

bp = Blueprint("endings", __name__, url_prefix="/account/sign-ins")


@bp.post("/<uuid:sign_in_id>/ending")
@signed_in
@reauthenticated
def create(sign_in_id: uuid.UUID) -> ResponseReturnValue:
    """Sign out one browser, possibly this one."""
    row = reads.sign_in_of(current_user, sign_in_id)
    if row is None:
        abort(404)
    here = row.id == current_user.sign_in.id
    sign_ins.end(row)
    db.session.commit()
    if here:
        loader.stop()
        return redirect_303(url_for("sign_ins.new"))
    return redirect_303(url_for("sign_ins.index"))


@bp.get("/ending")
@signed_in
@reauthenticated
def new() -> ResponseReturnValue:
    """Ask before all other browsers are signed out."""
    return render_page("accounts/end_others.html")


@bp.post("/ending")
@signed_in
@reauthenticated
def delete() -> ResponseReturnValue:
    """Sign out every other browser, and end all links sent by email for the account."""
    number = sign_ins.end_all(current_user, but=current_user.sign_in)
    current_user.renew_nonce()
    return done(
        url_for("sign_ins.index"),
        ngettext("%(num)s other sign-in ended.", "%(num)s other sign-ins ended.", number),
    )
