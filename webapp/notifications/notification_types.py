"""Every type of notification that people can get.

Each feature declares its own in its `notifications.py`.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ..mail.emails import EmailFunction, email_context
from .models import CHANNELS, DAILY, INBOX, NOW, OFF, WEEKLY, Notification

EVENTS, VOTES, CONVERSATION, GROUPS, SITE, DIGESTS = TOPICS = (
    "events",
    "votes",
    "conversation",
    "groups",
    "site",
    "digests",
)
#: The email of a kind that has none of its own: it says what the line in the inbox says.
PLAIN = "notifications/notice"
Sentence = Callable[..., str]


@dataclass(frozen=True)
class NotificationType:
    """One kind of thing: what people read of it where they choose, and how it may reach them.

    `heading` says in two or three words what happened: it heads the email and begins its subject.
    `says` gives the line in the inbox from the notice's words, in the reader's language; None: the
    inbox has no such line. `is_important` ones also come from a group of which a person wants to
    hear only what matters. `from_person` ones do not reach those who have muted or blocked the
    person who caused them; what changes someone's own seat, role, membership or right to vote is
    told no matter who did it.
    """

    name: str
    topic: str
    title: Any
    says: Sentence | None
    heading: Any = None
    channels: tuple[str, ...] = CHANNELS
    usual: str = NOW
    is_important: bool = True
    for_admins: bool = False
    from_person: bool = False

    @property
    def emails(self) -> list[str]:
        """The templates of the emails that it may send, the first unless another is asked for."""
        return _EMAILS.get(self.name, [PLAIN])

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
#: name -> templates, as `email_of` adds them
_EMAILS: dict[str, list[str]] = defaultdict(list)


def notification(
    name: str, topic: str, title: Any, heading: Any, **how: Any
) -> Callable[[Sentence], Sentence]:
    """The decorated function is the sentence of this type, which people can be told of from now
    on; `how` is the rest of its NotificationType.
    """

    def register(says: Sentence) -> Sentence:
        add(NotificationType(name, topic, title, says, heading, **how))
        return says

    return register


def add(kind: NotificationType) -> None:
    """People can be told this kind of thing, and can choose how."""
    NOTIFICATION_TYPES[kind.name] = kind


def email_of(template: str, *kinds: str) -> Callable[[EmailFunction], EmailFunction]:
    """As `email_context`, for an email that these types of notifications send."""
    for kind in kinds:
        _EMAILS[NOTIFICATION_TYPES[kind].name].append(template)
    return email_context(template)


def of_email(template: str) -> NotificationType | None:
    """The kind that sends this email; None for one that belongs to none, such as those about an
    account.
    """
    return next((NOTIFICATION_TYPES[kind] for kind in _EMAILS if template in _EMAILS[kind]), None)


def sentence(line: Notification | Any) -> str:
    """What a line of the inbox says, in the language of the person who reads it."""
    kind = NOTIFICATION_TYPES.get(line.kind)
    if kind is None or kind.says is None or line.params is None:
        return str(line.label)
    try:
        return kind.says(**line.params)
    except (KeyError, TypeError, ValueError):  # words of an earlier version's sentence
        return str(line.label)


#: Its channels say how often it comes.
DIGEST_EMAIL = "digest"

add(
    NotificationType(
        DIGEST_EMAIL,
        DIGESTS,
        _l("The digest, with everything you’ve set to “Digest”"),
        None,
        channels=(DAILY, WEEKLY, OFF),
        usual=DAILY,
    )
)


@notification(
    "person.waiting",
    SITE,
    _l("Someone signed up and is waiting for approval"),
    _l("New sign-up"),
    for_admins=True,
)
def _waiting(name: str) -> str:
    return _("%(name)s wants to join", name=name)
