"""Sign-up pages."""

import uuid
from typing import NamedTuple

from flask import Blueprint, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core import i18n, site_settings
from ...core.db.base import new_id
from ...core.extensions import db
from ...core.http import limits
from ...core.http.errors import UserError
from ...core.http.pages import redirect_303, render_page
from ...core.http.permissions import public
from ...core.http.submit import submitted
from ...core.text import names
from ...privacy import reads as privacy_reads
from .. import credentials, invitations, sign_ups
from ..forms import SignUpForm
from ..models import Invitation
from .safe_redirect import invited_to, kept_target, purpose_of, safe_target

bp = Blueprint("sign_ups", __name__)


class SignUpOrigin(NamedTuple):
    """How someone came to the form: the URL that it posts to, and the address to start with.

    The address can't be changed if `is_fixed`. `welcome` is a heading and a sentence. `made` does
    more with the new account. People who are `let_in` need no approval.
    """

    action: str
    email: str = ""
    is_fixed: bool = False
    welcome: tuple[str, str] | None = None
    let_in: bool = False
    invitation: Invitation | None = None
    made: sign_ups.Made | None = None


@bp.get("/sign-up")
@bp.get("/sign-up/<uuid:invitation_id>/<token>")
@public
def new(invitation_id: uuid.UUID | None = None, token: str = "") -> ResponseReturnValue:
    """Show the sign-up form, with the address of an invitation."""
    if current_user.is_authenticated:
        return redirect_303(safe_target(request.args.get("next")))
    invited = invited_to(request.args.get("next"))
    if invited is not None:
        return redirect_303(url_for("invited_sign_ups.new", **invited))
    invitation = invitations.find(invitation_id, token) if invitation_id else None
    if site_settings.value("SIGN_UP") == "invitation" and invitation is None:
        return render_page("accounts/sign_up_closed.html", was_invited=invitation_id is not None)
    return form_page(_origin(invitation))


@bp.post("/sign-up")
@bp.post("/sign-up/<uuid:invitation_id>/<token>")
@public
@limits.sends_email
def create(invitation_id: uuid.UUID | None = None, token: str = "") -> ResponseReturnValue:
    """Send an email; the answer is the same for known addresses, unknown ones and bots."""
    invitation = invitations.find(invitation_id, token) if invitation_id else None
    if site_settings.value("SIGN_UP") == "invitation" and invitation is None:
        return render_page(
            "accounts/sign_up_closed.html", status=403, was_invited=invitation_id is not None
        )
    return taken(_origin(invitation))


def taken(origin: SignUpOrigin) -> ResponseReturnValue:
    """Handle the sign-up form: send an email and redirect, or show the form again with its
    errors.
    """
    form = SignUpForm()
    if origin.is_fixed:
        form.email.data = origin.email
        form.email.raw_data = [origin.email]
    db.session.rollback()  # release the database: hashing takes a while

    def sign_up() -> None:
        kept = new_id().hex
        if not form.is_by_bot:
            limits.email_to(form.email.data or "")
            kept = credentials.hash_password(form.password.data or "")
            _refuse_other_rules(form.terms.data)
            _sign_up(form, origin, kept)
        session["sent_to"] = form.email.data
        session[sign_ups.PROOF] = sign_ups.make_proof(kept)

    return submitted(
        form,
        sign_up,
        again=lambda refused: form_page(origin, form, refused.status),
        to=url_for("sign_ups.show", next=kept_target(form.next.data) or None),
    )


def _puts_family_name_first() -> bool:
    """Whether the first language of the reader's browser does. It's what the form proposes."""
    return names.puts_family_name_first(request.accept_languages.best or "")


def _refuse_other_rules(shown: str | None) -> None:
    """Refuse agreement to rules that the person wasn't shown."""
    if shown and shown != privacy_reads.terms_version():
        raise UserError(
            _(
                "The house rules have changed since you opened this page. Read them again, then "
                "continue."
            ),
            "affirmed",
        )


def _sign_up(form: SignUpForm, origin: SignUpOrigin, password_hash: str) -> None:
    newcomer = sign_ups.NewAccount(
        first_name=form.first_name.data or "",
        last_name=form.last_name.data or "",
        email=form.email.data or "",
        password_hash=password_hash,
        handle=form.handle.data or "",
        zone=form.known_zone or "UTC",
        locale=i18n.locale_code(),
        terms_version=privacy_reads.terms_version(),
        came_for=kept_target(form.next.data),
        family_name_first=form.family_name_first.data,
    )
    approved = site_settings.value("SIGN_UP") != "approval"
    sign_ups.sign_up(newcomer, approved, origin.invitation, origin.made)


@bp.get("/sign-up/email-sent")
@public
def show() -> ResponseReturnValue:
    """Ask the person to check their email."""
    return render_page("accounts/sign_up_sent.html", address=session.get("sent_to"))


def form_page(
    origin: SignUpOrigin, form: SignUpForm | None = None, status: int = 200
) -> ResponseReturnValue:
    """Render the form for this origin."""
    form = form or SignUpForm(
        email=origin.email,
        next=request.args.get("next", ""),
        family_name_first=_puts_family_name_first(),
    )
    form.terms.data = form.terms.raw_data = privacy_reads.terms_version()
    form.affirmed.label.text = _(
        "I am %(age)s or older, and I agree to the house rules",
        age=site_settings.value("MINIMUM_AGE"),
    )
    return render_page(
        "accounts/sign_up.html",
        form=form,
        origin=origin,
        purpose=purpose_of(form.next.data),
        needs_approval=site_settings.value("SIGN_UP") == "approval" and not origin.let_in,
        terms=form.terms.data,
        status=status,
    )


def _origin(invitation: Invitation | None) -> SignUpOrigin:
    """Return the usual origin, or that of an invitation to the site."""
    if invitation is None:
        return SignUpOrigin(url_for("sign_ups.create"))
    action = url_for(
        "sign_ups.create", invitation_id=invitation.id, token=invitations.token(invitation)
    )
    welcome = (_("You’re invited"), _("The invitation is for %(email)s.", email=invitation.email))
    return SignUpOrigin(
        action, invitation.email, is_fixed=True, welcome=welcome, let_in=True, invitation=invitation
    )
