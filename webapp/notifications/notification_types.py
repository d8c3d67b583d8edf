"""Every type of notification that people can get.

Each feature adds its own with `add`, in its `notification_types.py` or `notifications.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from .models import CHANNELS, INBOX, NOW, OFF, Notification

EVENTS, VOTES, GROUPS, SITE = TOPICS = ("events", "votes", "groups", "site")
#: The email of a kind that has none of its own: it says what the line in the inbox says.
PLAIN = "notifications/notice"


@dataclass(frozen=True)
class NotificationType:
    """One kind of thing: what people read of it where they choose, and how it may reach them.

    `says` gives the line in the inbox from the notice's words, in the reader's language; None: the
    inbox has no such line. `emails` are those that it may send, the first unless another is asked
    for. `is_important` ones also come from a group of which a person wants to hear only what
    matters. `from_person` ones do not reach those who have muted or blocked the person who caused
    them; what changes someone's own seat, role, membership or right to vote is told no matter who
    did it.
    """

    name: str
    topic: str
    title: Any
    says: Callable[..., str] | None
    emails: tuple[str, ...] = (PLAIN,)
    channels: tuple[str, ...] = CHANNELS
    usual: str = NOW
    is_important: bool = True
    for_admins: bool = False
    from_person: bool = False

    @property
    def is_fixed(self) -> bool:
        """Whether nobody can choose how it reaches them."""
        return len(self.channels) == 1

    @property
    def without_email(self) -> str | None:
        """The channel of those who want no emails about it; None if it only comes by email."""
        return next((channel for channel in (INBOX, OFF) if channel in self.channels), None)


#: name -> kind, in the order in which people read them
NOTIFICATION_TYPES: dict[str, NotificationType] = {}
_BY_EMAIL: dict[str, NotificationType] = {}


def add(*kinds: NotificationType) -> None:
    """People can be told these kinds of things, and can choose how."""
    for kind in kinds:
        NOTIFICATION_TYPES[kind.name] = kind
        _BY_EMAIL.update(dict.fromkeys((email for email in kind.emails if email != PLAIN), kind))


def of_email(template: str) -> NotificationType | None:
    """The kind that sends this email; None for one that belongs to none, such as those about an
    account.
    """
    return _BY_EMAIL.get(template)


def sentence(line: Notification | Any) -> str:
    """What a line of the inbox says, in the language of the person who reads it."""
    kind = NOTIFICATION_TYPES.get(line.kind)
    if kind is None or kind.says is None or line.params is None:
        return str(line.label)
    try:
        return kind.says(**line.params)
    except (KeyError, TypeError, ValueError):  # words of an earlier version's sentence
        return str(line.label)


DIGEST = "digest"

add(
    NotificationType(
        DIGEST,
        SITE,
        _l("The daily digest, with everything you’ve set to “Daily”"),
        None,
        emails=("notifications/digest",),
        channels=(NOW, OFF),
    ),
    NotificationType(
        "person.waiting",
        SITE,
        _l("Someone signed up and is waiting for approval"),
        lambda name: str(_l("%(name)s wants to join", name=name)),
        emails=("accounts/waiting",),
        for_admins=True,
    ),
)
