"""For admins: approving and declining sign-ups."""

from flask import Blueprint, abort, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...core.extensions import db
from ...core.http.pages import redirect_303, render_page
from ...core.http.permissions import actor, admins_only, page_before
from ...core.http.submit import done
from .. import reads, sign_ups
from ..models import User

bp = Blueprint("sign_up_approvals", __name__, url_prefix="/admin")


def _person(handle: str) -> User:
    person = reads.by_handle(handle)
    if person is None or not person.is_verified:
        abort(404)
    return person


@bp.get("/approvals")
@admins_only
def index() -> ResponseReturnValue:
    """List everyone who waits for approval, the longest first."""
    return render_page("accounts/approvals.html", people=reads.waiting())


@bp.post("/people/<handle>/approval")
@admins_only
def create(handle: str) -> ResponseReturnValue:
    """Approve the person, who can now sign in, and email them."""
    person = _person(handle)
    sign_ups.approve(person, by=actor())
    name = person.name
    db.session.commit()
    flash(_("%(name)s was approved. We’ll email them.", name=name))
    before = page_before()
    return redirect_303(
        before if before.startswith("/admin/people/") else url_for("sign_up_approvals.index")
    )


@bp.get("/people/<handle>/refusal")
@admins_only
def edit(handle: str) -> ResponseReturnValue:
    """Confirm declining the request."""
    person = _person(handle)
    if person.is_approved:
        return redirect_303(url_for("sign_up_approvals.index"))
    return render_page("accounts/refusal.html", person=person)


@bp.post("/people/<handle>/refusal")
@admins_only
def delete(handle: str) -> ResponseReturnValue:
    """Decline the request: delete the account and email its owner."""
    person = _person(handle)
    name = person.name
    sign_ups.decline(person, by=actor())
    return done(
        url_for("sign_up_approvals.index"), _("%(name)s was declined. We’ll email them.", name=name)
    )
