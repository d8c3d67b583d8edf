"""Unsubscribing from a type of email with the link in it, without signing in."""

import uuid
from typing import NamedTuple

from ..accounts.models import User
from ..core.extensions import db
from ..core.http import tokens
from ..core.http.links import absolute
from . import preferences
from .models import DIGEST, NOW, WEEKLY
from .notification_types import NOTIFICATION_TYPES, NotificationType

#: the channels that send emails
EMAILED = (NOW, DIGEST, WEEKLY)


class Way(NamedTuple):
    """The person, and the type of email to stop."""

    user: User
    kind: NotificationType


def url(user: User, kind: NotificationType) -> str:
    """Return the unsubscribe URL for emails of this type to `user`.

    It is derived when the email is rendered, and not stored.
    """
    return absolute(f"/unsubscription/{user.id}/{kind.name}/{_token(user, kind)}")


def _token(user: User, kind: NotificationType) -> str:
    return tokens.derive(_purpose(kind), user.id, user.email)


def _purpose(kind: NotificationType) -> str:
    return f"unsubscription {kind.name}"


def find(user_id: uuid.UUID, kind_name: str, token: str) -> Way | None:
    """Return whom and what this URL unsubscribes; None for an invalid URL.

    It is valid as long as the person's address stays the same. For an unknown id the token is
    compared all the same.
    """
    user, kind = db.session.get(User, user_id), NOTIFICATION_TYPES.get(kind_name)
    if kind is None or kind.without_email is None:
        return None
    is_right = tokens.matches(
        token, _purpose(kind), user_id, user.email if user is not None else ""
    )
    return Way(user, kind) if is_right and user is not None else None


def has_stopped(user: User, kind: NotificationType) -> bool:
    """Whether `user` wants no emails of this type."""
    return preferences.channels([user], kind)[user.id] not in EMAILED


def stop(way: Way) -> str:
    """Stop emails of this type; the inbox stays the same.

    Return the previous channel, for `undo`.
    """
    before = preferences.channels([way.user], way.kind)[way.user.id]
    if before not in EMAILED:
        return _first(way.kind)
    preferences.choose(way.user, {way.kind.name: way.kind.without_email or before})
    return before


def undo(way: Way, channel: str) -> None:
    """Send emails of this type again by that channel, or by the first one that sends emails."""
    writes = channel in EMAILED and channel in way.kind.channels
    preferences.choose(way.user, {way.kind.name: channel if writes else _first(way.kind)})


def _first(kind: NotificationType) -> str:
    """Return the first channel that sends emails: at once, or daily for the digest."""
    return next(channel for channel in kind.channels if channel in EMAILED)
