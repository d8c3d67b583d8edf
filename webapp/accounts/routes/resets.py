"""Forgotten passwords: request a link, and choose a new password with it."""

import uuid

from flask import Blueprint, flash, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...core.extensions import db
from ...core.http import limits
from ...core.http.errors import UserError
from ...core.http.pages import redirect_303, render_page
from ...core.http.permissions import public
from ...core.http.way_back import lead_back_to
from .. import credentials, emailed_links, loader, passwords
from ..forms import ForgottenForm, ResetForm
from ..models import EmailedLink
from .safe_redirect import kept_target

bp = Blueprint("resets", __name__, url_prefix="/password")


@bp.get("/forgotten")
@public
def new() -> ResponseReturnValue:
    """Show the form for a forgotten password."""
    return render_page(
        "accounts/forgotten.html", form=ForgottenForm(next=request.args.get("next", ""))
    )


@bp.post("/forgotten")
@public
@limits.sends_email
def create() -> ResponseReturnValue:
    """Email a link if the address has an account; the answer is always the same."""
    form = ForgottenForm()
    if not form.validate_on_submit():
        return render_page("accounts/forgotten.html", form=form, status=422)
    limits.email_to(form.email.data or "")
    came_for = kept_target(form.next.data)
    passwords.request_reset(form.email.data or "", came_for)
    db.session.commit()
    session["sent_to"] = form.email.data
    return redirect_303(url_for("resets.show", next=came_for or None))


@bp.get("/forgotten/email-sent")
@public
def show() -> ResponseReturnValue:
    """Ask the person to check their email."""
    return render_page("accounts/forgotten_sent.html", address=session.get("sent_to"))


@bp.get("/reset/<uuid:link_id>/<token>")
@public
def edit(link_id: uuid.UUID, token: str) -> ResponseReturnValue:
    """Show the form for a new password, or why the link doesn't work."""
    link = emailed_links.usable(emailed_links.RESET, link_id, token)
    lead_back_to(link.user.came_for or "")
    return render_page("accounts/reset.html", form=ResetForm())


@bp.post("/reset/<uuid:link_id>/<token>")
@public
def update(link_id: uuid.UUID, token: str) -> ResponseReturnValue:
    """Change the password and sign out everywhere; the person signs in next."""
    link = emailed_links.usable(emailed_links.RESET, link_id, token)
    form = ResetForm()
    form.inputs = (link.user.first_name, link.user.last_name, link.user.handle, link.user.email)
    db.session.rollback()  # release the database: hashing takes a while
    if not form.validate_on_submit():
        return render_page("accounts/reset.html", form=form, status=422)
    try:
        user = passwords.reset(link, credentials.hash_password(form.password.data or ""))
    except UserError:
        db.session.rollback()
        return _refusal(None)
    here = url_for("sign_ins.new", name=user.handle, next=user.came_for)
    db.session.commit()
    loader.stop()
    flash(_("Password saved. Sign in with it."))
    return redirect_303(here)


@bp.errorhandler(emailed_links.LinkRefused)
def _refused(refused: emailed_links.LinkRefused) -> ResponseReturnValue:
    return _refusal(refused.link)


def _refusal(link: EmailedLink | None) -> ResponseReturnValue:
    """Say why the link doesn't work: it is invalid, or it has expired."""
    if link is None:
        return render_page("accounts/link_not_valid.html", status=404, reset=True)
    lead_back_to(link.user.came_for or "")
    return render_page("accounts/link_expired.html", status=410, action=None)
