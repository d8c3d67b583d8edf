"""The way out of a kind of email, for anyone who holds one: by an address that proves it, without
signing in.
"""

import uuid
from typing import NamedTuple

from ..accounts.models import User
from ..core.extensions import db
from ..core.http import tokens
from ..core.http.links import absolute
from . import preferences
from .models import DIGEST, NOW, WEEKLY
from .notification_types import NOTIFICATION_TYPES, NotificationType

#: the channels that write emails
EMAILED = (NOW, DIGEST, WEEKLY)


class Way(NamedTuple):
    """Out of which kind of email, for whom."""

    user: User
    kind: NotificationType


def url(user: User, kind: NotificationType) -> str:
    """The whole address that is in emails of this kind to `user`: derived when the email is
    written, kept nowhere.
    """
    return absolute(f"/unsubscription/{user.id}/{kind.name}/{_token(user, kind)}")


def _token(user: User, kind: NotificationType) -> str:
    return tokens.derive(_purpose(kind), user.id, user.email)


def _purpose(kind: NotificationType) -> str:
    return f"unsubscription {kind.name}"


def find(user_id: uuid.UUID, kind_name: str, token: str) -> Way | None:
    """The way that this address is, good for as long as the emails go to the same mailbox; None for
    every other address.

    Where nobody has this id, the token is compared all the same.
    """
    user, kind = db.session.get(User, user_id), NOTIFICATION_TYPES.get(kind_name)
    if kind is None or kind.without_email is None:
        return None
    is_right = tokens.matches(
        token, _purpose(kind), user_id, user.email if user is not None else ""
    )
    return Way(user, kind) if is_right and user is not None else None


def has_stopped(user: User, kind: NotificationType) -> bool:
    """Whether `user` wants no emails of this kind."""
    return preferences.channels([user], kind)[user.id] not in EMAILED


def stop(way: Way) -> str:
    """No email of this kind goes to them any more; the inbox stays as it was.

    Returns the channel of before, for `undo`.
    """
    before = preferences.channels([way.user], way.kind)[way.user.id]
    if before not in EMAILED:
        return _first(way.kind)
    preferences.choose(way.user, {way.kind.name: way.kind.without_email or before})
    return before


def undo(way: Way, channel: str) -> None:
    """Emails of this kind go to them again by that channel, or by the first that writes some."""
    writes = channel in EMAILED and channel in way.kind.channels
    preferences.choose(way.user, {way.kind.name: channel if writes else _first(way.kind)})


def _first(kind: NotificationType) -> str:
    """At once, or daily if it is the digest."""
    return next(channel for channel in kind.channels if channel in EMAILED)
