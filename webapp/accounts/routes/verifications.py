"""The page behind the link that confirms an email address.

Opening it changes nothing: email scanners follow links.
"""

import uuid

from flask import Blueprint, current_app, make_response, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError

from ...core.http import limits
from ...core.http.errors import form_too_old
from ...core.http.pages import render_page
from ...core.http.permissions import public
from ...core.http.submit import done, submitted
from ...core.http.way_back import lead_back_to
from ...invitations import reads as invitation_reads
from .. import emailed_links, loader, sign_ins, sign_ups, verifications
from ..models import EmailedLink, User
from .reauthentication import prefilled_account
from .safe_redirect import kept_target

bp = Blueprint("verifications", __name__)


@bp.get("/verification/<uuid:link_id>/<token>")
@public
def new(link_id: uuid.UUID, token: str) -> ResponseReturnValue:
    """Show the button that confirms, or that the link has expired or isn't valid."""
    link = emailed_links.usable(emailed_links.VERIFY, link_id, token)
    lead_back_to(link.user.came_for or "")
    return render_page(
        "accounts/verification.html", link=link, group=invitation_reads.group_awaiting(link.user)
    )


@bp.post("/verification/<uuid:link_id>/<token>")
@public
def create(link_id: uuid.UUID, token: str) -> ResponseReturnValue:
    """Confirm the address. Sign the person in if they signed up in this browser; otherwise ask them
    to. People who are signed in stay so, and read whose address they confirmed.
    """
    link = emailed_links.usable(emailed_links.VERIFY, link_id, token)
    if current_user.is_authenticated:
        return submitted(
            None,
            lambda: verifications.confirm(link),
            again=lambda _refused: _not_valid(),
            to=request.path,
        )
    group = invitation_reads.group_awaiting(link.user)
    proof = session.get(sign_ups.PROOF, "")

    def landing(user: User) -> str:
        path = ""
        if user.is_approved:
            path = invitation_reads.next_page(user, group) or user.came_for or ""
        if not (user.is_here and sign_ups.is_proof(proof, user)):
            return url_for("sign_ins.new", name=user.handle, next=path or None)
        device = sign_ins.device_name(request.user_agent.string)
        loader.start(sign_ins.create_for(user, current_app.config, device, is_fresh=False))
        return path or "/"

    return submitted(
        None,
        lambda: verifications.confirm(link),
        again=lambda _refused: _not_valid(),
        to=landing,
        flash=lambda user: _next_in_words(user, sign_ups.is_proof(proof, user)),
    )


def _next_in_words(user: User, signed_up_here: bool) -> str:
    if not user.is_approved:
        return _(
            "Your email address is confirmed. An admin will review your sign-up, and we’ll email "
            "you when you’re approved."
        )
    if signed_up_here:
        return _("Your email address is confirmed. Welcome!")
    return _("Your email address is confirmed. Sign in to get started.")


@bp.post("/verification/<uuid:link_id>/<token>/renewal")
@public
@limits.sends_email
def renew(link_id: uuid.UUID, token: str) -> ResponseReturnValue:
    """Send a new email, if the old link was real."""
    link = emailed_links.find(emailed_links.VERIFY, link_id, token)
    if link is None:
        return _not_valid()
    limits.email_to(link.email)
    verifications.send(link.user)
    return done(url_for("verifications.show"))


@bp.post("/verification")
@public
@limits.sends_email
def resend() -> ResponseReturnValue:
    """Send the email again, to someone who has just given the right password."""
    user = verifications.unverified_user(*prefilled_account())
    came_for = kept_target(request.form.get("next"))
    if user is not None:
        limits.email_to(user.email)
        user.came_for = came_for or user.came_for
        verifications.send(user)
    return done(url_for("verifications.show", next=came_for or None))


@bp.get("/verification/email-sent")
@public
def show() -> ResponseReturnValue:
    """Ask the person to check their email."""
    return render_page("accounts/sign_up_sent.html", address=None)


@bp.errorhandler(emailed_links.LinkRefused)
def _refused(refused: emailed_links.LinkRefused) -> ResponseReturnValue:
    return _not_valid() if refused.link is None else _expired(refused.link)


def _expired(link: EmailedLink) -> ResponseReturnValue:
    lead_back_to(link.user.came_for or "")
    action = url_for("verifications.renew", link_id=link.id, token=emailed_links.token(link))
    return render_page("accounts/link_expired.html", status=410, action=action)


@bp.errorhandler(CSRFError)
def _too_old(error: CSRFError) -> ResponseReturnValue:
    """Answer 400 with what the link does now: people go back to its page after they have pressed
    its button, which may have signed them in.
    """
    if not request.view_args:
        return form_too_old(error)
    try:
        page = new(**request.view_args)
    except emailed_links.LinkRefused as refused:
        page = _refused(refused)
    return make_response(page, 400)


def _not_valid() -> ResponseReturnValue:
    """Say that the link doesn't work, or to people who are signed in, whose address it has
    confirmed.
    """
    link_id, token = (request.view_args or {}).values()
    used = emailed_links.find_used(emailed_links.VERIFY, link_id, token)
    if used is not None and current_user.is_authenticated:
        return render_page("accounts/confirmed.html", person=used.user)
    if used is not None:
        lead_back_to(used.user.came_for or "")
    return render_page("accounts/link_not_valid.html", status=404)
