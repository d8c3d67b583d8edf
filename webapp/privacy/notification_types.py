"""What people can be told about their own data."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ..notifications.notification_types import SITE, NotificationType, add


def _ready() -> str:
    return _("Your data archive is ready to download")


def _failed() -> str:
    return _("Your data archive couldn’t be created")


add(
    NotificationType("export.ready", SITE, _l("The data archive you asked for is ready"), _ready),
    NotificationType(
        "export.failed", SITE, _l("The data archive you asked for couldn’t be created"), _failed
    ),
)
