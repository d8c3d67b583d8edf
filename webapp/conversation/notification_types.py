"""What people can be told about a conversation, and what the line in the inbox then says."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ..notifications.models import DAILY
from ..notifications.notification_types import GROUPS, NotificationType, add


def _called(title: str) -> str:
    """Moderators may have hidden it, from all but its author and themselves."""
    return title or _("a hidden thread")


def _mentioned(name: str, title: str) -> str:
    return _("%(name)s mentions you in “%(title)s”", name=name, title=_called(title))


def _arrived(name: str, title: str) -> str:
    return _("New in “%(title)s”, first from %(name)s", name=name, title=_called(title))


def _announced(group: str, title: str) -> str:
    return _("%(group)s announces: %(title)s", group=group, title=_called(title))


def _removed(title: str, reason: str, what: str) -> str:
    title = _called(title)
    if what == "thread":
        return _("Your thread “%(title)s” was removed: %(reason)s", title=title, reason=reason)
    if what == "hidden":
        return _("What you wrote in “%(title)s” was hidden: %(reason)s", title=title, reason=reason)
    return _("What you wrote in “%(title)s” was removed: %(reason)s", title=title, reason=reason)


add(
    NotificationType(
        "thread.announced",
        GROUPS,
        _l("The organizers of a group of yours announce something"),
        _announced,
        ("conversation/announced",),
        from_person=True,
    ),
    NotificationType(
        "reply.mentioned",
        GROUPS,
        _l("Somebody mentions you in a conversation"),
        _mentioned,
        ("conversation/mentioned",),
        from_person=True,
    ),
    NotificationType(
        "reply.arrived",
        GROUPS,
        _l("A thread that you follow has something new"),
        _arrived,
        ("conversation/replied",),
        usual=DAILY,
        is_important=False,
        from_person=True,
    ),
    NotificationType(
        "reply.removed", GROUPS, _l("Something that you wrote is removed or hidden"), _removed
    ),
)
