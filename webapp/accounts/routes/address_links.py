"""The page behind the link that makes an address an account's. Opening it changes nothing: mail
scanners follow links.

The link proves the mailbox; who holds it may be a stranger, for addresses are mistyped. So it
serves the browser in which the account is signed in, and any other one with the account's password.
"""

import uuid

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core import limits
from ...core.errors import Conflict, RuleBroken
from ...core.extensions import db
from ...core.pages import render_page, see
from ...core.permissions import public
from .. import addresses, links, proofs
from ..forms import Owner
from ..models import MailedLink

bp = Blueprint("address_links", __name__, url_prefix="/email-change/<uuid:link_id>/<token>")


@bp.get("")
@public
def new(link_id: uuid.UUID, token: str) -> ResponseReturnValue:
    """One button, with the password where this browser is not signed in to the account; or why
    the link does not serve.
    """
    link = links.found(links.CHANGE, link_id, token)
    if link is None or links.has_expired(link):
        return _refusal(link)
    return _page(link, None if _is_here(link) else Owner())


@bp.post("")
@public
@limits.own_password
def create(link_id: uuid.UUID, token: str) -> ResponseReturnValue:
    """The address is the account's; every browser but this one is signed out."""
    link = links.found(links.CHANGE, link_id, token)
    if link is None or links.has_expired(link):
        return _refusal(link)
    is_here, email = _is_here(link), link.email
    form = None if is_here else Owner()
    if form is not None and not _is_owners(form, link):
        return _page(link, form, 422)
    try:
        addresses.change(link, here=current_user.sign_in if is_here else None)
    except Conflict:
        raise
    except RuleBroken:
        db.session.rollback()
        return _refusal(None)
    db.session.commit()
    flash(_("Your address is %(email)s now, and every other browser is signed out.", email=email))
    return see(url_for("security.show") if is_here else url_for("sign_ins.new", name=email))


def _is_owners(form: Owner, link: MailedLink) -> bool:
    """Whether the form holds the account's password.

    Another one chosen meanwhile ends the link by itself.
    """
    if not form.validate_on_submit():
        return False
    user_id = link.user_id
    db.session.rollback()  # hashing takes a while: nothing is held meanwhile
    proof = proofs.of_user(user_id, form.password.data or "", limits.may_try)
    if not proof.is_right:
        proofs.failed(proof, "proof.failed")
        db.session.commit()
        form.refuse(RuleBroken(_("That is not the account’s password."), field="password"))
    return proof.is_right


def _is_here(link: MailedLink) -> bool:
    """Whether this browser is signed in to the link's account."""
    return bool(current_user.is_authenticated and current_user.id == link.user_id)


def _page(link: MailedLink, form: Owner | None, status: int = 200) -> ResponseReturnValue:
    return render_page("accounts/address_link.html", link=link, form=form, status=status)


def _refusal(link: MailedLink | None) -> ResponseReturnValue:
    """Why the link does not serve: it is none, or its hour is over."""
    if link is None:
        return render_page("accounts/address_link_not_valid.html", status=404)
    return render_page("accounts/address_link_expired.html", status=410)
