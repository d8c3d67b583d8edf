"""Agreeing to changed house rules before anything else."""

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...accounts.routes.safe_redirect import safe_target
from ...core import site_settings
from ...core.extensions import db
from ...core.http.errors import UserError
from ...core.http.pages import redirect_303, render_page
from ...core.http.permissions import actor, signed_in
from ...core.http.submit import done
from .. import agreements, reads
from ..forms import AgreementForm
from ..models import TERMS

bp = Blueprint("agreements", __name__, url_prefix="/account/agreement")
#: Blueprints that need no agreement: reading the rules, account security, data export, and leaving,
#: including handing over a group.
READING = {"agreements", "site_pages", "site_page_edits", "retention", "unsubscriptions"}
SAFETY = {
    "sign_ins",
    "sign_in_revocations",
    "reauthentication",
    "passwords",
    "resets",
    "security",
    "email_addresses",
    "email_address_links",
}
LEAVING = {
    "your_data",
    "account_deletions",
    "members",
    "ownership",
    "waitlist_offers",
    "group_deletions",
}
NO_PAGE = {
    "streams",
    "dev_mailbox_html",
    "health",
    "status",
    "metrics",
    "session_checks",
    "web_manifest",
}
FREE = READING | SAFETY | LEAVING | NO_PAGE


@bp.before_app_request
def ask_first() -> ResponseReturnValue | None:
    """Redirect people who haven't agreed to the current house rules to them, and back afterwards.

    Only whole pages are redirected. Sent forms and fragments of open pages still work.
    """
    if request.method != "GET" or request.blueprint is None or request.blueprint in FREE:
        return None
    if (
        request.headers.get("Sec-Fetch-Dest", "document") != "document"
        or "HX-Request" in request.headers
    ):
        return None
    if not current_user.is_authenticated or not current_user.must_agree:
        return None
    return redirect_303(url_for("agreements.edit", next=request.full_path.rstrip("?")))


@bp.get("")
@signed_in
def edit() -> ResponseReturnValue:
    """Show the current house rules, which version the reader agreed to, and their other options."""
    return _page(AgreementForm(next=request.args.get("next", ""), number=reads.newest(TERMS)))


@bp.post("")
@signed_in
def update() -> ResponseReturnValue:
    """Agree to the house rules, and continue where the person wanted to go."""
    form = AgreementForm()
    if not form.validate_on_submit():
        return _page(form, 422)
    try:
        agreements.agree(actor(), form.number.data or 0)
    except UserError as broken:
        db.session.rollback()
        form.number.raw_data = None
        form.number.data = reads.newest(TERMS)
        return _page(form.refuse(broken), broken.status)
    return done(
        safe_target(form.next.data), _("Thank you. We’ve recorded which version you agreed to.")
    )


def _page(form: AgreementForm, status: int = 200) -> ResponseReturnValue:
    version = reads.page(TERMS)
    body = version.body if version else reads.draft(TERMS, site_settings.value("SITE_NAME"))
    before = agreements.agreed_to(actor())
    context = {"version": version, "body": body, "before": before, "newest": form.number.data}
    return render_page("privacy/agreement.html", form=form, status=status, **context)
