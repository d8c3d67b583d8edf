"""Notifications about one's own data."""

from flask_babel import gettext as _, lazy_gettext as _l

from ..notifications.notification_types import SITE, notification


@notification(
    "export.ready", SITE, _l("The data archive you asked for is ready"), _l("Your data is ready")
)
def _ready() -> str:
    return _("Your data archive is ready to download")


@notification(
    "export.failed",
    SITE,
    _l("The data archive you asked for couldn’t be created"),
    _l("Export failed"),
)
def _failed() -> str:
    return _("Your data archive couldn’t be created")
