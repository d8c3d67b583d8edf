"""Sign-up pages."""

import uuid

from flask import Blueprint, current_app, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user

from ...core import limits
from ...core.errors import RuleBroken
from ...core.extensions import db
from ...core.pages import render_page, see
from ...core.permissions import public
from ...privacy import reads as privacy_reads
from .. import hashing, invitations, sign_ups
from ..forms import SignUp
from ..models import Invitation

bp = Blueprint("sign_ups", __name__)


@bp.get("/sign-up")
@bp.get("/sign-up/<uuid:invitation_id>/<token>")
@public
def new(invitation_id: uuid.UUID | None = None, token: str = "") -> ResponseReturnValue:
    """The form; for those who came by an invitation, with its address."""
    if current_user.is_authenticated:
        return see("/")
    invitation = invitations.found(invitation_id, token) if invitation_id else None
    if current_app.config["SIGN_UP"] == "invitation" and invitation is None:
        return render_page("accounts/sign_up_closed.html", asked=invitation_id is not None)
    return _page(SignUp(email=invitation.email if invitation else ""), invitation)


@bp.post("/sign-up")
@bp.post("/sign-up/<uuid:invitation_id>/<token>")
@public
@limits.sends_mail
def create(invitation_id: uuid.UUID | None = None, token: str = "") -> ResponseReturnValue:
    """A letter is on its way; the answer is the same for a known address, for an unknown one, and for a machine."""
    invitation = invitations.found(invitation_id, token) if invitation_id else None
    if current_app.config["SIGN_UP"] == "invitation" and invitation is None:
        return render_page("accounts/sign_up_closed.html", status=403, asked=invitation_id is not None)
    form = SignUp()
    if invitation is not None:
        form.email.data = invitation.email
        form.email.raw_data = [invitation.email]
    db.session.rollback()  # the password's hash takes a while: nothing is held meanwhile
    if not form.validate_on_submit():
        return _page(form, invitation, 422)
    if not form.homepage.data:
        limits.letter_to(form.email.data or "")
        try:
            _refuse_other_rules(form.terms.data)
            _sign_up(form, invitation)
        except RuleBroken as broken:
            db.session.rollback()
            form.refuse(broken)
            return _page(form, invitation, broken.status)
    session["sent_to"] = form.email.data
    return see(url_for("sign_ups.show"))


def _refuse_other_rules(shown: str | None) -> None:
    """Nobody agrees to rules that they were not shown."""
    if shown and shown != privacy_reads.terms_version():
        raise RuleBroken(_("The house rules have changed since you opened this page. Read them again, then go on."), "affirmed")


def _sign_up(form: SignUp, invitation: Invitation | None) -> None:
    newcomer = sign_ups.Newcomer(
        first_name=form.first_name.data or "",
        last_name=form.last_name.data or "",
        email=form.email.data or "",
        password_hash=hashing.hashed(form.password.data or ""),
        handle=form.handle.data or "",
        zone=form.known_zone,
        locale=str(get_locale() or "en"),
        terms_version=privacy_reads.terms_version(),
    )
    approved = current_app.config["SIGN_UP"] != "approval"
    sign_ups.sign_up(newcomer, approved, invitation)
    db.session.commit()


@bp.get("/sign-up/letter")
@public
def show() -> ResponseReturnValue:
    """Look into your mail."""
    return render_page("accounts/sign_up_sent.html", address=session.get("sent_to"))


def _page(form: SignUp, invitation: Invitation | None, status: int = 200) -> ResponseReturnValue:
    token = invitations.token(invitation) if invitation else ""
    action = url_for("sign_ups.create", invitation_id=invitation.id, token=token) if invitation else url_for("sign_ups.create")
    config = current_app.config
    form.terms.data = form.terms.raw_data = privacy_reads.terms_version()
    form.affirmed.label.text = _("I am %(age)s or older, and I keep to the house rules", age=config["MINIMUM_AGE"])
    return render_page(
        "accounts/sign_up.html",
        form=form,
        action=action,
        invitation=invitation,
        needs_approval=config["SIGN_UP"] == "approval" and invitation is None,
        terms=form.terms.data,
        status=status,
    )
