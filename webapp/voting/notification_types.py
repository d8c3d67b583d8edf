"""What people can be told about votes, and what the line in the inbox then says."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ..core.i18n import language
from ..notifications.models import INBOX, NOW, OFF
from ..notifications.notification_types import VOTES, NotificationType, add
from .results import findings

#: With the daily mail it could come too late.
IN_TIME = (NOW, INBOX, OFF)


def _opened(title: str) -> str:
    return _("You can vote now: “%(title)s”", title=title)


def _closed(title: str, finding: dict[str, Any] | None) -> str:
    if finding is None:
        return _("“%(title)s” has closed. An admin of this site hid it.", title=title)
    return _("“%(title)s” has closed. %(finding)s", title=title, finding=findings.said(finding))


def _invited(title: str, name: str) -> str:
    return _("%(name)s asks you, among a few: “%(title)s”", name=name, title=title)


def _nearing(title: str, closes: str, zone: str) -> str:
    until = language.moment(datetime.fromisoformat(closes), zone)
    return _("Your ballot is missing: “%(title)s” closes %(moment)s", title=title, moment=until)


def _missed(title: str, closes: str, zone: str, name: str) -> str:
    until = language.moment(datetime.fromisoformat(closes), zone)
    return _(
        "%(name)s asks for your ballot: “%(title)s” closes %(moment)s",
        name=name,
        title=title,
        moment=until,
    )


def _concluded(title: str) -> str:
    return _("What follows from “%(title)s”", title=title)


def _review(title: str) -> str:
    return _(
        "Look again at what follows from “%(title)s”: today is the day that was named", title=title
    )


def _cancelled(title: str, reason: str) -> str:
    return _("“%(title)s” was cancelled. %(reason)s", title=title, reason=reason).strip()


add(
    NotificationType(
        "vote.opened",
        VOTES,
        _l("A vote opens in which you can take part"),
        _opened,
        ("voting/opened",),
    ),
    NotificationType(
        "vote.invited",
        VOTES,
        _l("You are one of those whom a vote is for"),
        _invited,
        ("voting/invited",),
        from_person=True,
    ),
    NotificationType(
        "vote.nearing",
        VOTES,
        _l("A vote closes within a day, and your ballot is missing"),
        _nearing,
        ("voting/nearing",),
        channels=IN_TIME,
    ),
    NotificationType(
        "vote.missed",
        VOTES,
        _l("Whoever runs a vote asks for your ballot"),
        _missed,
        ("voting/missed",),
        channels=IN_TIME,
        is_important=False,
        from_person=True,
    ),
    NotificationType(
        "vote.closed",
        VOTES,
        _l("A vote in which you could take part has a result"),
        _closed,
        ("voting/closed",),
        is_important=False,
    ),
    NotificationType(
        "vote.concluded",
        VOTES,
        _l("It is said what follows from a vote in which you could take part"),
        _concluded,
        ("voting/concluded",),
        is_important=False,
    ),
    NotificationType(
        "vote.review",
        VOTES,
        _l("It is time to look again at what follows from a vote that you run"),
        _review,
    ),
    NotificationType(
        "vote.cancelled",
        VOTES,
        _l("A vote in which you could take part is cancelled"),
        _cancelled,
        usual=INBOX,
        is_important=False,
    ),
)
