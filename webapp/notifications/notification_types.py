"""Every type of notification that people can get.

Each feature declares its own in its `notifications.py`.
"""

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _, lazy_gettext as _l

from ..accounts.models import User
from ..mail.emails import EmailFunction, email_context
from .models import CHANNELS, DIGEST, INBOX, NOW, OFF, WEEKLY, Notification

EVENTS, VOTES, CONVERSATION, GROUPS, SITE, DIGESTS = TOPICS = (
    "events",
    "votes",
    "conversation",
    "groups",
    "site",
    "digests",
)
#: The email of types that have none of their own: it says what the inbox line says.
PLAIN = "notifications/notice"
Sentence = Callable[..., str]
#: A reader, and ids of what their lines are about -> a SELECT of those ids of which the lines still
#: hold.
Question = Callable[[Any, Collection[UUID]], sa.Select[Any]]
#: Among a line's words the id that its question is asked of, if its scope doesn't name it. The
#: sentence doesn't take it.
SUBJECT_ID = "subject_id"


@dataclass(frozen=True)
class NotificationType:
    """A type of notification: its text in the settings, and its possible channels.

    `heading` says in two or three words what happened, as the email's heading and the start of its
    subject. `says` returns the inbox line from the notification's words, in the reader's language;
    None for types without a line. `is_important` types are also sent for groups with the level
    "important". `from_person` types aren't sent to people who muted or blocked the person who
    caused them. Changes of someone's own seat, role, membership or right to vote are always sent.
    `holds`: as long as what a line asks for is open; None if it says what happened, which stays
    true. `gone`: what a line says instead that doesn't hold, if nothing of it may be shown then.
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
    holds: Question | None = None
    gone: Any = None

    @property
    def emails(self) -> list[str]:
        """The templates of its emails; the first is the default."""
        return _EMAILS.get(self.name, [PLAIN])

    @property
    def is_fixed(self) -> bool:
        """Whether its channel can't be changed."""
        return len(self.channels) == 1

    @property
    def without_email(self) -> str | None:
        """The channel of people who want no emails about it; None if it only comes by email."""
        return next((channel for channel in (INBOX, OFF) if channel in self.channels), None)


#: name -> type, in the order of the settings page
NOTIFICATION_TYPES: dict[str, NotificationType] = {}
#: name -> templates, added by `email_of`
_EMAILS: dict[str, list[str]] = defaultdict(list)


def notification(
    name: str, topic: str, title: Any, heading: Any, **how: Any
) -> Callable[[Sentence], Sentence]:
    """Register a type of notification with the decorated function as its sentence.

    `how` are the other fields of its NotificationType.
    """

    def register(says: Sentence) -> Sentence:
        add(NotificationType(name, topic, title, says, heading, **how))
        return says

    return register


def add(kind: NotificationType) -> None:
    """Register a type of notification."""
    NOTIFICATION_TYPES[kind.name] = kind


def email_of(template: str, *kinds: str) -> Callable[[EmailFunction], EmailFunction]:
    """Register an email's context as `email_context` does, for these types of notification."""
    for kind in kinds:
        _EMAILS[NOTIFICATION_TYPES[kind].name].append(template)
    return email_context(template)


def of_email(template: str) -> NotificationType | None:
    """Return the type that sends this email; None if there is none, as for emails about an
    account.
    """
    return next((NOTIFICATION_TYPES[kind] for kind in _EMAILS if template in _EMAILS[kind]), None)


def sentence(line: Notification | Any) -> str:
    """Return what an inbox line says, in the reader's language."""
    kind = NOTIFICATION_TYPES.get(line.kind)
    if kind is None or kind.says is None or line.params is None:
        return str(line.label)
    try:
        return kind.says(**without_id(line.params))
    except (KeyError, TypeError, ValueError):  # words of an earlier version's sentence
        return str(line.label)


def without_id(params: dict[str, Any]) -> dict[str, Any]:
    """Return a line's words alone, as its sentence takes them."""
    return {name: value for name, value in params.items() if name != SUBJECT_ID}


def _unapproved(_reader: Any, ids: Collection[UUID]) -> sa.Select[Any]:
    waits = (User.approved_at.is_(None), User.deactivated_at.is_(None))
    return sa.select(User.id).where(User.id.in_(ids), *waits)


#: Its channels say how often it is sent.
DIGEST_EMAIL = "digest"

add(
    NotificationType(
        DIGEST_EMAIL,
        DIGESTS,
        _l("The digest, with everything you’ve set to “Digest”"),
        None,
        channels=(DIGEST, WEEKLY, OFF),
        usual=DIGEST,
    )
)


@notification(
    "person.waiting",
    SITE,
    _l("Someone signed up and is waiting for approval"),
    _l("New sign-up"),
    for_admins=True,
    holds=_unapproved,
)
def _waiting(name: str) -> str:
    return _("%(name)s wants to join", name=name)
