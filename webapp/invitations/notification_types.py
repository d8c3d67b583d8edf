"""What people can be told about invitations, and what the line in the inbox then says."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ..notifications.models import INBOX
from ..notifications.notification_types import GROUPS, NotificationType, add

ARRIVED, ACCEPTED, MISSED = "invitation.arrived", "invitation.accepted", "invitation.missed"


def _arrived(name: str, group: str) -> str:
    return _("%(name)s invites you to %(group)s", name=name, group=group)


def _accepted(name: str, group: str) -> str:
    return _("%(name)s has come to %(group)s by your invitation", name=name, group=group)


def _missed(group: str) -> str:
    return _("The invitation to %(group)s by which you signed up no longer stands", group=group)


add(
    NotificationType(
        ARRIVED,
        GROUPS,
        _l("Somebody invites you to a group"),
        _arrived,
        ("invitations/arrived",),
        from_person=True,
    ),
    NotificationType(
        ACCEPTED, GROUPS, _l("Somebody accepts your invitation"), _accepted, usual=INBOX
    ),
    NotificationType(
        MISSED,
        GROUPS,
        _l("An invitation by which you signed up no longer stands"),
        _missed,
        usual=INBOX,
    ),
)
