"""The test email: a page that sends it, and the page that its link opens."""

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.db import site_flags
from ...core.http import limits
from ...core.http.pages import render_page
from ...core.http.permissions import admins_may
from ...core.http.submit import done, refused_at, submitted
from ...mail import email_check

bp = Blueprint("test_emails", __name__, url_prefix="/admin/test-email")


@bp.get("")
@admins_may("site:setup")
def show() -> ResponseReturnValue:
    """Show when a test email was last sent, and whether it arrived."""
    sent, arrived = site_flags.get(email_check.SENT), site_flags.get(email_check.ARRIVED)
    return render_page("admin/test_email.html", sent=sent, arrived=arrived)


@bp.post("")
@admins_may("site:setup")
@limits.sends_mail
def create() -> ResponseReturnValue:
    """Send a test email to the admin who asks."""
    limits.email_to(current_user.email)
    email_check.send(current_user.email)
    return done(
        url_for("test_emails.show"),
        _("Test email sent to %(address)s.", address=current_user.email),
    )


@bp.get("/<token>")
@admins_may("site:setup")
def edit(token: str) -> ResponseReturnValue:
    """Show the page that the link in the test email opens."""
    return render_page(
        "admin/test_email_arrived.html", token=token, is_valid=email_check.is_valid(token)
    )


@bp.post("/<token>")
@admins_may("site:setup")
def update(token: str) -> ResponseReturnValue:
    """Note that email arrives."""
    return submitted(
        None,
        lambda: email_check.confirm(token),
        again=refused_at(url_for("test_emails.show")),
        to=url_for("home.show"),
        flash=_("Email works: the test arrived."),
    )
