"""The test email: a page that sends it, and the page that its link opens."""

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core import limits, marks
from ...core.errors import RuleBroken
from ...core.extensions import db
from ...core.pages import render_page, see
from ...core.permissions import admins_may
from ...mail import test_email

bp = Blueprint("test_emails", __name__, url_prefix="/admin/test-email")


@bp.get("")
@admins_may("site:settle")
def show() -> ResponseReturnValue:
    """When a test email was last sent, and whether it arrived."""
    sent, arrived = marks.found(test_email.SENT), marks.found(test_email.ARRIVED)
    return render_page("admin/test_email.html", sent=sent, arrived=arrived)


@bp.post("")
@admins_may("site:settle")
@limits.sends_mail
def create() -> ResponseReturnValue:
    """Send a test email to the admin who asks."""
    limits.letter_to(current_user.email)
    test_email.send(current_user.email)
    db.session.commit()
    flash(_("Test email sent to %(address)s.", address=current_user.email), "yes")
    return see(url_for("test_emails.show"))


@bp.get("/<token>")
@admins_may("site:settle")
def edit(token: str) -> ResponseReturnValue:
    """The page that the link in the test email opens."""
    return render_page(
        "admin/test_email_arrived.html", token=token, is_valid=test_email.is_valid(token)
    )


@bp.post("/<token>")
@admins_may("site:settle")
def update(token: str) -> ResponseReturnValue:
    """Note that email arrives."""
    try:
        test_email.confirm(token)
    except RuleBroken as broken:
        flash(broken.sentence, "no")
        return see(url_for("test_emails.show"))
    db.session.commit()
    flash(_("Email works: the test arrived."), "yes")
    return see(url_for("home.show"))
