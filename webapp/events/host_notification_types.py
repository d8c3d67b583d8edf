"""What people can be told about running an event, and what the line in the inbox then says."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ..notifications.models import INBOX
from ..notifications.notification_types import EVENTS, NotificationType, add


def _host_asked(name: str, event: str) -> str:
    return _("%(name)s asks you to run %(title)s with them", name=name, title=event)


def _host_withdrawn(event: str) -> str:
    return _("Nobody waits any more for your answer whether you run %(title)s", title=event)


def _host_accepted(name: str, event: str) -> str:
    return _("%(name)s runs %(title)s with you now", name=name, title=event)


def _host_declined(name: str, event: str) -> str:
    return _("%(name)s would rather not run %(title)s", name=name, title=event)


def _host_removed(event: str) -> str:
    return _("You are no longer a host of %(title)s", title=event)


add(
    NotificationType(
        "host.asked",
        EVENTS,
        _l("Someone asks you to run an event with them"),
        _host_asked,
        ("events/host_asked",),
        from_person=True,
    ),
    NotificationType(
        "host.withdrawn",
        EVENTS,
        _l("An invitation to run an event no longer stands"),
        _host_withdrawn,
        usual=INBOX,
        from_person=True,
    ),
    NotificationType(
        "host.accepted",
        EVENTS,
        _l("Someone whom you asked runs an event with you"),
        _host_accepted,
        usual=INBOX,
    ),
    NotificationType(
        "host.declined",
        EVENTS,
        _l("Someone whom you asked would rather not run an event"),
        _host_declined,
        usual=INBOX,
    ),
    NotificationType(
        "host.removed", EVENTS, _l("You are no longer a host of an event"), _host_removed
    ),
)
