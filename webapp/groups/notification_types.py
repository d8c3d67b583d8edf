"""What people can be told about groups, and what the line in the inbox then says."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ..notifications.models import INBOX
from ..notifications.notification_types import GROUPS, NotificationType, add
from . import access


def _request_arrived(name: str, group: str) -> str:
    return _("%(name)s asks to join %(group)s", name=name, group=group)


def _request_approved(group: str) -> str:
    return _("You are now a member of %(group)s", group=group)


def _request_declined(group: str, answer: str) -> str:
    return _because(_("%(group)s did not let you in this time", group=group), answer)


def _role_changed(group: str, role: str) -> str:
    return _("Your role in %(group)s is now: %(role)s", group=group, role=access.ROLE_NAMES[role])


def _ownership_offered(name: str, group: str) -> str:
    return _("%(name)s offers you to own %(group)s", name=name, group=group)


def _ownership_over(group: str) -> str:
    return _("The offer to own %(group)s no longer stands", group=group)


def _ownership_accepted(name: str, group: str, before: str) -> str:
    if before:
        return _(
            "%(name)s now owns %(group)s; %(by)s is an organizer", name=name, group=group, by=before
        )
    return _("%(name)s is now an owner of %(group)s", name=name, group=group)


def _ownership_inherited(group: str) -> str:
    return _("The owner of %(group)s has left the site: you own it now", group=group)


def _ownership_declined(name: str, group: str) -> str:
    return _("%(name)s declined to own %(group)s", name=name, group=group)


def _ownership_expired(name: str, group: str) -> str:
    return _("%(name)s did not answer your offer to own %(group)s", name=name, group=group)


def _removed(group: str, reason: str) -> str:
    return _because(_("You were removed from %(group)s", group=group), reason)


def _deleted(group: str, name: str) -> str:
    return _("%(name)s deleted the group %(group)s", name=name, group=group)


def _because(sentence: str, reason: str) -> str:
    return f"{sentence}: {reason}" if reason else sentence


add(
    NotificationType(
        "request.arrived",
        GROUPS,
        _l("Somebody asks to join a group that you look after"),
        _request_arrived,
        ("groups/request_arrived",),
        from_person=True,
    ),
    NotificationType(
        "request.approved",
        GROUPS,
        _l("A group lets you in"),
        _request_approved,
        ("groups/request_approved",),
    ),
    NotificationType(
        "request.declined",
        GROUPS,
        _l("A group does not let you in"),
        _request_declined,
        ("groups/request_declined",),
    ),
    NotificationType(
        "role.changed",
        GROUPS,
        _l("You have another role in a group"),
        _role_changed,
        ("groups/role_changed",),
    ),
    NotificationType(
        "ownership.offered",
        GROUPS,
        _l("Somebody offers you to own a group"),
        _ownership_offered,
        ("groups/ownership_offered",),
        from_person=True,
    ),
    NotificationType(
        "ownership.withdrawn",
        GROUPS,
        _l("An offer to own a group no longer stands"),
        _ownership_over,
        usual=INBOX,
        from_person=True,
    ),
    NotificationType(
        "ownership.accepted",
        GROUPS,
        _l("A group has another owner"),
        _ownership_accepted,
        usual=INBOX,
    ),
    NotificationType(
        "ownership.inherited",
        GROUPS,
        _l("A group became yours, because its owner has left the site"),
        _ownership_inherited,
    ),
    NotificationType(
        "ownership.declined",
        GROUPS,
        _l("Somebody declines to own a group"),
        _ownership_declined,
        usual=INBOX,
    ),
    NotificationType(
        "ownership.expired",
        GROUPS,
        _l("Nobody answered your offer to own a group"),
        _ownership_expired,
        usual=INBOX,
    ),
    NotificationType(
        "member.removed", GROUPS, _l("You are removed from a group"), _removed, ("groups/removed",)
    ),
    NotificationType(
        "group.deleted", GROUPS, _l("A group of yours is deleted"), _deleted, usual=INBOX
    ),
)
