"""What people can be told about running an event, and what the line in the inbox then says."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ..notifications.models import INBOX
from ..notifications.notification_types import EVENTS, NotificationType, add


def _host_asked(name: str, event: str) -> str:
    return _("%(name)s invited you to co-host %(title)s", name=name, title=event)


def _host_withdrawn(event: str) -> str:
    return _("The invitation to co-host %(title)s is no longer valid", title=event)


def _host_accepted(name: str, event: str) -> str:
    return _("%(name)s is now a host of %(title)s", name=name, title=event)


def _host_declined(name: str, event: str) -> str:
    return _("%(name)s declined to co-host %(title)s", name=name, title=event)


def _host_removed(event: str) -> str:
    return _("You’re no longer a host of %(title)s", title=event)


add(
    NotificationType(
        "host.asked",
        EVENTS,
        _l("Someone invites you to co-host an event"),
        _host_asked,
        ("events/host_asked",),
        from_person=True,
    ),
    NotificationType(
        "host.withdrawn",
        EVENTS,
        _l("An invitation to co-host an event is no longer valid"),
        _host_withdrawn,
        usual=INBOX,
        from_person=True,
    ),
    NotificationType(
        "host.accepted",
        EVENTS,
        _l("Someone accepts your invitation to co-host an event"),
        _host_accepted,
        usual=INBOX,
    ),
    NotificationType(
        "host.declined",
        EVENTS,
        _l("Someone declines your invitation to co-host an event"),
        _host_declined,
        usual=INBOX,
    ),
    NotificationType(
        "host.removed", EVENTS, _l("You’re no longer a host of an event"), _host_removed
    ),
)
