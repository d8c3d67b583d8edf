"""What people can be told about reports, and what the line in the inbox then says."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ..notifications.models import INBOX, NOW
from ..notifications.notification_types import GROUPS, SITE, NotificationType, add
from .labels import decision


def _arrived(what: str, objection: bool, group: str) -> str:
    if objection:
        return _("Somebody objects to a decision in %(group)s", group=group)
    return _("Something in %(group)s was reported", group=group)


def _raised(what: str, objection: bool) -> str:
    return (
        _("Somebody objects to a decision")
        if objection
        else _("Something was reported for the site’s admins to look at")
    )


def _decided(act: str, label: str, reason: str) -> str:
    sentence = decision(act, label)
    return f"{sentence}: {reason}" if reason else sentence


add(
    NotificationType(
        "report.arrived",
        GROUPS,
        _l("Something in a group that you look after is reported"),
        _arrived,
    ),
    NotificationType(
        "report.raised",
        SITE,
        _l("Something is reported that the site’s admins judge"),
        _raised,
        for_admins=True,
    ),
    NotificationType(
        "case.decided",
        SITE,
        _l("Something is decided about you, or about what you wrote"),
        _decided,
        emails=("moderation/decided",),
        channels=(NOW,),
    ),
    NotificationType(
        "report.closed",
        SITE,
        _l("What you reported was looked at"),
        lambda label: str(
            _("Somebody looked at what you reported: “%(label)s”. Thank you.", label=label)
        ),
        usual=INBOX,
    ),
)
