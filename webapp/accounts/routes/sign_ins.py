"""Signing in and out, and the list of one's sign-ins."""

import uuid

from flask import Blueprint, Response, abort, current_app, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext
from flask_login import current_user

from ...core import site_settings
from ...core.extensions import db
from ...core.http import limits
from ...core.http.errors import UserError
from ...core.http.pages import redirect_303, render_page
from ...core.http.permissions import public, signed_in
from ...core.http.submit import done
from .. import account_deletion, credentials, loader, reads, sign_ins, verifications
from ..forms import SignInForm
from .reauthentication import prefilled_account, reauthenticated
from .safe_redirect import invited_to, kept_target, purpose_of, safe_target

bp = Blueprint("sign_ins", __name__)


@bp.get("/sign-in")
@public
def new() -> ResponseReturnValue:
    """Show the sign-in form; redirect people who are signed in."""
    target = request.args.get("next", "")
    if current_user.is_authenticated:
        return redirect_303(safe_target(target))
    return _page(SignInForm(name=request.args.get("name", "")[:254], next=target))


@bp.post("/sign-in")
@public
@limits.sign_in
def create() -> ResponseReturnValue:
    """Sign in and continue, or say why not. The message is the same for unknown names and wrong
    passwords.
    """
    form = SignInForm()
    if not form.validate_on_submit():
        return _page(form, 422)
    before = current_user.sign_in if current_user.is_authenticated else None
    db.session.rollback()  # release the database: hashing takes a while
    proof = credentials.proof_for_name(
        form.name.data or "", form.password.data or "", limits.login_attempt
    )
    device = sign_ins.device_name(request.user_agent.string)
    try:
        secret, came_for = sign_ins.sign_in(
            proof, current_app.config, device, form.remember.data, before
        )
    except UserError as broken:
        db.session.rollback()
        return _refused(form, broken, proof)
    db.session.commit()
    loader.start(secret)
    return redirect_303(safe_target(form.next.data or came_for))


def _refused(
    form: SignInForm, broken: UserError, proof: credentials.PasswordProof
) -> ResponseReturnValue:
    if not proof.is_right:
        credentials.log_failure(proof, "sign_in.failed")
        db.session.commit()
    if isinstance(broken, sign_ins.AccountLeaving):
        back = {"account": broken.user.id, "proof": account_deletion.restoration_proof(broken.user)}
        return render_page(
            "accounts/restoration.html",
            status=403,
            back=back,
            until=broken.user.deletion_due_at,
            zone=broken.user.zone,
        )
    if isinstance(broken, sign_ins.NotVerified):
        resend = {
            "account": broken.user.id,
            "proof": verifications.resend_proof(broken.user),
            "next": kept_target(form.next.data),
        }
        return render_page("accounts/unverified.html", status=403, resend=resend)
    form.refuse(broken)
    return _page(form, broken.status)


@bp.post("/sign-out")
@signed_in
def delete() -> ResponseReturnValue:
    """Sign out of this browser; its cookie stops working."""
    sign_ins.end(current_user.sign_in)
    db.session.commit()
    loader.stop()
    return redirect_303("/")


@bp.get("/account/sign-ins")
@signed_in
def index() -> ResponseReturnValue:
    """List every browser in which the person is signed in, this one first."""
    this = current_user.sign_in.id
    rows = sorted(
        reads.sign_ins_of(current_user, current_app.config), key=lambda row: row.id != this
    )
    return render_page(
        "accounts/sign_ins.html", {"sign_ins": "accounts/_sign_ins.html"}, rows=rows, this=this
    )


def _page(form: SignInForm, status: int = 200) -> ResponseReturnValue:
    form.password.data = None
    is_closed = site_settings.value("SIGN_UP") == "invitation"
    return render_page(
        "accounts/sign_in.html",
        form=form,
        can_sign_up=not is_closed or invited_to(form.next.data) is not None,
        purpose=purpose_of(form.next.data),
        status=status,
    )


restorations_bp = Blueprint("account_restorations", __name__)


@restorations_bp.post("/account/restoration", endpoint="create")
@public
@limits.with_proof
def restore() -> ResponseReturnValue:
    """Restore an account that is being deleted, and sign its person in."""
    try:
        user = account_deletion.restore(*prefilled_account())
    except UserError as broken:
        db.session.rollback()
        flash(broken.message)
        return redirect_303(url_for("sign_ins.new"))
    secret = sign_ins.create_for(
        user, current_app.config, sign_ins.device_name(request.user_agent.string)
    )
    db.session.commit()
    loader.start(secret)
    flash(_("Good to have you back. Your account won’t be deleted."))
    return redirect_303("/")


own_bp = Blueprint("sign_in_revocations", __name__, url_prefix="/account/sign-ins")


@own_bp.post("/<uuid:sign_in_id>/revocation", endpoint="create")
@signed_in
@reauthenticated
def revoke(sign_in_id: uuid.UUID) -> ResponseReturnValue:
    """Sign out one browser, possibly this one."""
    row = reads.sign_in_of(current_user, sign_in_id)
    if row is None:
        abort(404)
    here = row.id == current_user.sign_in.id
    device = row.device or _("Another browser")
    sign_ins.end(row)
    if not here:
        return done(url_for("sign_ins.index"), _("%(browser)s was signed out.", browser=device))
    db.session.commit()
    loader.stop()
    return redirect_303(url_for("sign_ins.new"))


@own_bp.get("/revocation", endpoint="new")
@signed_in
@reauthenticated
def ask_revoke_others() -> ResponseReturnValue:
    """Confirm signing out all other browsers."""
    return render_page("accounts/revoke_others.html")


@own_bp.post("/revocation", endpoint="delete")
@signed_in
@reauthenticated
def revoke_others() -> ResponseReturnValue:
    """Sign out every other browser, and end all links sent by email for the account."""
    number = sign_ins.end_all(current_user, but=current_user.sign_in)
    current_user.renew_nonce()
    return done(
        url_for("sign_ins.index"),
        ngettext(
            "%(num)s other browser was signed out.",
            "%(num)s other browsers were signed out.",
            number,
        ),
    )


# Who is signed in here: a reverse proxy asks before it forwards someone to a companion service.

session_checks_bp = Blueprint("session_checks", __name__)


@session_checks_bp.get("/session/check", endpoint="show")
@public
def check_session() -> ResponseReturnValue:
    """Answer 204 with the person in headers, or 401.

    There is no page, redirect or cookie, and the answer must not be cached.
    """
    answer = Response(status=204 if current_user.is_authenticated else 401)
    del answer.headers["Content-Type"]
    answer.headers["Cache-Control"] = "no-store"
    if current_user.is_authenticated:
        answer.headers["X-Folkmoot-User"] = str(current_user.id)
        answer.headers["X-Folkmoot-Handle"] = current_user.handle
        answer.headers["X-Folkmoot-Roles"] = "member,admin" if current_user.is_admin else "member"
    return answer
