"""The notification types of an event's hosts, and the text of their inbox lines."""

from flask_babel import gettext as _, lazy_gettext as _l

from ..notifications.models import INBOX
from ..notifications.notification_types import EVENTS, notification
from . import open_requests


@notification(
    "host.asked",
    EVENTS,
    _l("Someone invites you to co-host an event"),
    _l("Invitation to co-host"),
    from_person=True,
    holds=open_requests.hosting,
)
def _host_asked(name: str, event: str) -> str:
    return _("%(name)s invited you to co-host “%(title)s”", name=name, title=event)


@notification(
    "host.withdrawn",
    EVENTS,
    _l("An invitation to co-host an event is no longer valid"),
    _l("Co-host invitation ended"),
    usual=INBOX,
    from_person=True,
)
def _host_withdrawn(event: str) -> str:
    return _("The invitation to co-host “%(title)s” is no longer valid", title=event)


@notification(
    "host.accepted",
    EVENTS,
    _l("Someone accepts your invitation to co-host an event"),
    _l("New co-host"),
    usual=INBOX,
)
def _host_accepted(name: str, event: str) -> str:
    return _("%(name)s is now a host of “%(title)s”", name=name, title=event)


@notification(
    "host.declined",
    EVENTS,
    _l("Someone declines your invitation to co-host an event"),
    _l("Co-host invitation declined"),
    usual=INBOX,
)
def _host_declined(name: str, event: str) -> str:
    return _("%(name)s declined to co-host “%(title)s”", name=name, title=event)


@notification(
    "host.removed", EVENTS, _l("You’re no longer a host of an event"), _l("No longer a host")
)
def _host_removed(event: str) -> str:
    return _("You’re no longer a host of “%(title)s”", title=event)
