"""The site's settings and logo, and the test email with the page that its link opens."""

from uuid import UUID

from flask import Blueprint, Response, abort, current_app, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...accounts.routes.reauthentication import reauthenticated
from ...core import site_settings
from ...core.db import site_flags
from ...core.extensions import db
from ...core.http import limits
from ...core.http.errors import UserError
from ...core.http.pages import render_page
from ...core.http.permissions import actor, admins_may, public
from ...core.http.submit import done, refused_at, submitted
from ...core.http.uploads import uploads
from ...core.storage import pictures
from ...mail import email_check
from .. import settings
from ..forms import SIGN_UP_HINTS, LogoForm, SiteSettingsForm

bp = Blueprint("admin_settings", __name__, url_prefix="/admin/settings")


@bp.get("")
@admins_may("site:setup")
def edit() -> ResponseReturnValue:
    """Show the site's settings."""
    return _page()


@bp.post("")
@admins_may("site:setup")
@reauthenticated
def update() -> ResponseReturnValue:
    """Save the site's settings, for everyone's next page."""
    form = SiteSettingsForm()
    if not form.validate():
        return _page(form, 422)
    try:
        changed = settings.save_settings(
            form.chosen(), current_app.config, form.version.data or "", actor()
        )
    except UserError as broken:
        db.session.rollback()
        form.version.data = _stamp()
        form.version.raw_data = None
        return _page(form.refuse(broken), broken.status)
    return done(
        url_for("admin_settings.edit"),
        _("Settings saved for everyone.") if changed else _("Nothing changed."),
    )


def _stamp() -> str:
    return settings.stamp(site_settings.now(), current_app.config)


def _page(
    form: SiteSettingsForm | None = None, status: int = 200, logo: LogoForm | None = None
) -> ResponseReturnValue:
    usual = {name.lower(): current_app.config.get(name, "") for name in settings.SETTLED}
    holds = {name.lower(): site_settings.value(name) for name in settings.SETTLED}
    return render_page(
        "admin/settings.html",
        form=form or SiteSettingsForm(formdata=None, version=_stamp(), **holds),
        logo=logo or LogoForm(formdata=None),
        usual=usual,
        hints=SIGN_UP_HINTS,
        status=status,
    )


def _logo_again(refused: UserError) -> ResponseReturnValue:
    return _page(logo=LogoForm().refuse(refused), status=refused.status)


@bp.post("/logo", endpoint="logo")
@admins_may("site:setup")
@uploads(_logo_again)
def put_logo() -> ResponseReturnValue:
    """Replace the logo."""
    form = LogoForm()
    return submitted(
        form,
        lambda: settings.put_logo(form.picture.content(), actor()),
        again=lambda refused: _page(logo=form, status=refused.status),
        to=url_for("admin_settings.edit"),
        flash=_("Logo saved for everyone."),
    )


@bp.post("/logo/removal", endpoint="remove_logo")
@admins_may("site:setup")
def remove_logo() -> ResponseReturnValue:
    """Remove the logo."""
    return submitted(
        None,
        lambda: settings.remove_logo(actor()),
        again=_logo_again,
        to=url_for("admin_settings.edit"),
        flash=_("Logo removed."),
    )


logo_bp = Blueprint("logo", __name__, url_prefix="/logo")


@logo_bp.get("/<uuid:picture>/<int:size>", endpoint="show")
@public
def show_logo(picture: UUID, size: int) -> Response:
    """Serve the site's logo."""
    if picture != settings.logo():
        abort(404)
    return pictures.answer(pictures.LOGO, picture, size)


test_emails_bp = Blueprint("test_emails", __name__, url_prefix="/admin/test-email")


@test_emails_bp.get("", endpoint="show")
@admins_may("site:setup")
def show_test_email() -> ResponseReturnValue:
    """Show when a test email was last sent, and whether it arrived."""
    sent, arrived = site_flags.get(email_check.SENT), site_flags.get(email_check.ARRIVED)
    return render_page("admin/test_email.html", sent=sent, arrived=arrived)


@test_emails_bp.post("", endpoint="create")
@admins_may("site:setup")
@limits.sends_email
def send_test_email() -> ResponseReturnValue:
    """Send a test email to the admin who asks."""
    limits.email_to(current_user.email)
    email_check.send(current_user.email)
    return done(
        url_for("test_emails.show"),
        _("Test email sent to %(address)s.", address=current_user.email),
    )


@test_emails_bp.get("/<token>", endpoint="edit")
@admins_may("site:setup")
def ask_arrival(token: str) -> ResponseReturnValue:
    """Show the page that the link in the test email opens."""
    return render_page(
        "admin/test_email_arrived.html", token=token, is_valid=email_check.is_valid(token)
    )


@test_emails_bp.post("/<token>", endpoint="update")
@admins_may("site:setup")
def confirm_arrival(token: str) -> ResponseReturnValue:
    """Note that email arrives."""
    return submitted(
        None,
        lambda: email_check.confirm(token),
        again=refused_at(url_for("test_emails.show")),
        to=url_for("home.show"),
        flash=_("Email works: the test arrived."),
    )
