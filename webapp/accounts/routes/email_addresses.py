"""Changing one's own email address."""

import uuid

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.extensions import db
from ...core.http import limits
from ...core.http.errors import Conflict, UserError
from ...core.http.pages import render_page
from ...core.http.permissions import actor, public, signed_in
from ...core.http.submit import done, submitted
from .. import credentials, email_addresses, emailed_links
from ..forms import EmailForm, OwnerForm
from ..models import EmailedLink
from .reauthentication import reauthenticated

bp = Blueprint("email_addresses", __name__, url_prefix="/account/email")


@bp.get("")
@signed_in
@reauthenticated
def edit() -> ResponseReturnValue:
    """Show the form for a new email address."""
    return render_page("accounts/address.html", form=EmailForm())


@bp.post("")
@signed_in
@reauthenticated
@limits.sends_email
def update() -> ResponseReturnValue:
    """Email the new address and the old one; the answer is the same if it has an account."""
    form = EmailForm()

    def ask() -> str:
        email = form.email.data or ""
        if email != current_user.email:
            limits.email_to(email)
            limits.email_to(current_user.email)
        email_addresses.ask(actor(), email)
        return _("We’ve sent an email to %(email)s.", email=email)

    return submitted(
        form,
        ask,
        again=lambda _refused: render_page("accounts/address.html", form=form, status=422),
        to=url_for("security.show"),
        flash=str,
    )


@bp.post("/withdrawal")
@signed_in
def delete() -> ResponseReturnValue:
    """Cancel the change of address; the link in the email stops working."""
    email_addresses.withdraw(actor())
    return done(url_for("security.show"), _("Your email address hasn’t changed."))


address_links_bp = Blueprint(
    "email_address_links", __name__, url_prefix="/email-change/<uuid:link_id>/<token>"
)


@address_links_bp.get("")
@public
def new(link_id: uuid.UUID, token: str) -> ResponseReturnValue:
    """Ask to confirm the new address, with the password if this browser isn't signed in."""
    link = emailed_links.usable(emailed_links.CHANGE, link_id, token)
    return _page(link, None if _is_here(link) else OwnerForm())


@address_links_bp.post("")
@public
@limits.own_password
def create(link_id: uuid.UUID, token: str) -> ResponseReturnValue:
    """Change the address, and sign out every other browser."""
    link = emailed_links.usable(emailed_links.CHANGE, link_id, token)
    is_here, email = _is_here(link), link.email
    form = None if is_here else OwnerForm()
    if form is not None and not _is_owners(form, link):
        return _page(link, form, 422)

    def again(refused: UserError) -> ResponseReturnValue:
        if isinstance(refused, Conflict):
            raise refused
        return _refusal(None)

    return submitted(
        None,
        lambda: email_addresses.change(link, here=current_user.sign_in if is_here else None),
        again,
        to=url_for("security.show") if is_here else url_for("sign_ins.new", name=email),
        flash=_changed_in_words(link, is_here),
    )


def _changed_in_words(link: EmailedLink, is_here: bool) -> str:
    if current_user.is_authenticated and not is_here:
        return _(
            "%(name)s’s email address is now %(email)s. You’re still signed in as %(me)s.",
            name=link.user.name,
            email=link.email,
            me=current_user.name,
        )
    return _(
        "Your email address is now %(email)s, and every other browser was signed out.",
        email=link.email,
    )


def _is_owners(form: OwnerForm, link: EmailedLink) -> bool:
    """Whether the form holds the account's password.

    A new password chosen meanwhile invalidates the link anyway.
    """
    if not form.validate_on_submit():
        return False
    user_id = link.user_id
    db.session.rollback()  # release the database: hashing takes a while
    proof = credentials.proof_for_user(user_id, form.password.data or "", limits.login_attempt)
    if not proof.is_right:
        credentials.log_failure(proof, "password_check.failed")
        db.session.commit()
        form.refuse(UserError(_("That’s not the account’s password. Try again."), field="password"))
    return proof.is_right


def _is_here(link: EmailedLink) -> bool:
    """Whether this browser is signed in to the link's account."""
    return bool(current_user.is_authenticated and current_user.id == link.user_id)


def _page(link: EmailedLink, form: OwnerForm | None, status: int = 200) -> ResponseReturnValue:
    return render_page("accounts/address_link.html", link=link, form=form, status=status)


@address_links_bp.errorhandler(emailed_links.LinkRefused)
def _refused(refused: emailed_links.LinkRefused) -> ResponseReturnValue:
    return _refusal(refused.link)


def _refusal(link: EmailedLink | None) -> ResponseReturnValue:
    """Say why the link doesn't work: it is invalid, or it has expired."""
    if link is None:
        return render_page("accounts/address_link_not_valid.html", status=404)
    return render_page("accounts/address_link_expired.html", status=410)
