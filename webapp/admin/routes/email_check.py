"""The test email: a page that sends it, and the page that its link opens."""

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.db import site_flags
from ...core.extensions import db
from ...core.http import limits
from ...core.http.errors import UserError
from ...core.http.pages import redirect_303, render_page
from ...core.http.permissions import admins_may
from ...mail import email_check

bp = Blueprint("test_emails", __name__, url_prefix="/admin/test-email")


@bp.get("")
@admins_may("site:settle")
def show() -> ResponseReturnValue:
    """Show when a test email was last sent, and whether it arrived."""
    sent, arrived = site_flags.get(email_check.SENT), site_flags.get(email_check.ARRIVED)
    return render_page("admin/test_email.html", sent=sent, arrived=arrived)


@bp.post("")
@admins_may("site:settle")
@limits.sends_mail
def create() -> ResponseReturnValue:
    """Send a test email to the admin who asks."""
    limits.email_to(current_user.email)
    email_check.send(current_user.email)
    db.session.commit()
    flash(_("Test email sent to %(address)s.", address=current_user.email), "yes")
    return redirect_303(url_for("test_emails.show"))


@bp.get("/<token>")
@admins_may("site:settle")
def edit(token: str) -> ResponseReturnValue:
    """Show the page that the link in the test email opens."""
    return render_page(
        "admin/test_email_arrived.html", token=token, is_valid=email_check.is_valid(token)
    )


@bp.post("/<token>")
@admins_may("site:settle")
def update(token: str) -> ResponseReturnValue:
    """Note that email arrives."""
    try:
        email_check.confirm(token)
    except UserError as broken:
        flash(broken.message, "no")
        return redirect_303(url_for("test_emails.show"))
    db.session.commit()
    flash(_("Email works: the test arrived."), "yes")
    return redirect_303(url_for("home.show"))
