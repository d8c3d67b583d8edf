"""What people can be told about their own data."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ..notifications.notification_types import SITE, NotificationType, add


def _ready() -> str:
    return _("Your data is packed and can be fetched")


def _failed() -> str:
    return _("Your data could not be packed")


add(
    NotificationType("export.ready", SITE, _l("The data that you asked for is packed"), _ready),
    NotificationType(
        "export.failed", SITE, _l("The data that you asked for could not be packed"), _failed
    ),
)
