"""The page behind the link that confirms an address.

Opening it changes nothing: mail scanners follow links.
"""

import uuid

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...core import limits
from ...core.errors import RuleBroken
from ...core.extensions import db
from ...core.pages import render_page, see
from ...core.permissions import public
from ...invitations import reads as invitation_reads
from .. import links, verifications
from ..models import MailedLink
from .carried import account_and_proof

bp = Blueprint("verifications", __name__)


@bp.get("/verification/<uuid:link_id>/<token>")
@public
def new(link_id: uuid.UUID, token: str) -> ResponseReturnValue:
    """One button; or that the link has expired, with a button for a new one; or that it is not
    valid.
    """
    link = links.found(links.VERIFY, link_id, token)
    if link is None:
        return _not_valid()
    if links.has_expired(link):
        return _expired(link)
    return render_page(
        "accounts/verification.html", link=link, group=invitation_reads.group_awaiting(link.user)
    )


@bp.post("/verification/<uuid:link_id>/<token>")
@public
def create(link_id: uuid.UUID, token: str) -> ResponseReturnValue:
    """The address is confirmed; the person signs in next."""
    link = links.found(links.VERIFY, link_id, token)
    if link is None:
        return _not_valid()
    if links.has_expired(link):
        return _expired(link)
    group = invitation_reads.group_awaiting(link.user)
    try:
        user = verifications.confirm(link)
    except RuleBroken:
        db.session.rollback()
        return _not_valid()
    handle, approved = user.handle, user.is_approved
    landing = invitation_reads.landing_of(user, group) if approved else ""
    db.session.commit()
    flash(_("Your address is confirmed. Sign in to begin.") if approved else _told_to_wait())
    return see(url_for("sign_ins.new", name=handle, next=landing or None))


def _told_to_wait() -> str:
    return _(
        "Your address is confirmed. Someone who looks after this site lets you in next, and you "
        "get a mail."
    )


@bp.post("/verification/<uuid:link_id>/<token>/renewal")
@public
@limits.sends_mail
def renew(link_id: uuid.UUID, token: str) -> ResponseReturnValue:
    """A new letter is on its way, where the old link was real."""
    link = links.found(links.VERIFY, link_id, token)
    if link is None:
        return _not_valid()
    limits.letter_to(link.email)
    verifications.send(link.user)
    db.session.commit()
    return see(url_for("verifications.show"))


@bp.post("/verification")
@public
@limits.sends_mail
def resend() -> ResponseReturnValue:
    """The letter goes out once more, for somebody who has just given the right password."""
    user = verifications.who_waits(*account_and_proof())
    if user is not None:
        limits.letter_to(user.email)
        verifications.send(user)
    db.session.commit()
    return see(url_for("verifications.show"))


@bp.get("/verification/letter")
@public
def show() -> ResponseReturnValue:
    """Look into your mail."""
    return render_page("accounts/sign_up_sent.html", address=None)


def _expired(link: MailedLink) -> ResponseReturnValue:
    action = url_for("verifications.renew", link_id=link.id, token=links.token(link))
    return render_page("accounts/link_expired.html", status=410, action=action)


def _not_valid() -> ResponseReturnValue:
    return render_page("accounts/link_not_valid.html", status=404)
