"""What people can be told about votes, and what the line in the inbox then says."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ..notifications.kinds import VOTES, Kind, add
from ..notifications.models import INBOX
from .showing import findings


def _opened(title: str) -> str:
    return _("You can vote now: “%(title)s”", title=title)


def _closed(title: str, finding: dict[str, Any]) -> str:
    return _("“%(title)s” has closed. %(finding)s", title=title, finding=findings.said(finding))


def _cancelled(title: str, reason: str) -> str:
    return _("“%(title)s” was cancelled. %(reason)s", title=title, reason=reason).strip()


add(
    Kind("vote.opened", VOTES, _l("A vote opens in which you can take part"), _opened, ("voting/opened",)),
    Kind(
        "vote.closed",
        VOTES,
        _l("A vote in which you could take part has a result"),
        _closed,
        ("voting/closed",),
        is_important=False,
    ),
    Kind(
        "vote.cancelled",
        VOTES,
        _l("A vote in which you could take part is cancelled"),
        _cancelled,
        usual=INBOX,
        is_important=False,
    ),
)
