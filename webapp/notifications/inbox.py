"""Changes of inboxes: lines are read, reworded and erased; and who may listen to one's stream."""

import uuid
from collections.abc import Iterable
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from ..accounts import sign_ins
from ..accounts.models import User
from ..core import live
from ..core.db.session import rows_changed
from ..core.extensions import db
from ..core.live.subscription import Subscription
from ..core.time import clock
from .models import DIGEST, DigestEmail, Notification
from .notification_types import NOTIFICATION_TYPES, without_id
from .notify import LONGEST, inbox_topic, shortened

#: Replaces the name of someone who has left the site.
NOBODY = "Former member"


def mark_all_read(user: User) -> int:
    """Mark all of the user's lines as read; return how many were unread."""
    return _mark(user.id, sa.true())


def open_line(user: User, id: uuid.UUID) -> str | None:
    """Mark the line as read, with the earlier lines of its scope; return its URL.

    None if `user` has no such line.
    """
    line = db.session.scalar(
        sa.select(Notification).where(Notification.id == id, Notification.user_id == user.id)
    )
    if line is None:
        return None
    read = Notification.id == line.id
    if line.scope is not None:
        read = sa.or_(
            read,
            sa.and_(Notification.scope == line.scope, Notification.created_at <= line.created_at),
        )
    _mark(user.id, read)
    return line.url


def unread_with(
    users: Iterable[User], kind: str, scope: str, words: dict[str, Any]
) -> set[uuid.UUID]:
    """Return the ids of those who have an unread line of this kind and scope with the same
    words.
    """
    lines = sa.select(Notification.user_id, Notification.params).where(
        Notification.user_id.in_([user.id for user in users])
    )
    lines = lines.where(
        Notification.kind == kind, Notification.scope == scope, Notification.read_at.is_(None)
    )
    return {user_id for user_id, said in db.session.execute(lines) if without_id(said) == words}


def read_about(user_id: uuid.UUID, scope: str) -> None:
    """Mark the lines of this scope as read: the person has visited the page."""
    _mark(user_id, Notification.scope == scope)


def read_leading(user_id: uuid.UUID, url: str) -> None:
    """Mark the lines with this URL as read, so that they aren't in the digest: nothing
    waits there.
    """
    _mark(user_id, Notification.url == url)


def stop_emails(user_id: uuid.UUID, leading: sa.ColumnElement[bool]) -> None:
    """Mark matching lines that wait for the digest as read: the person has lost access to their
    pages.
    """
    _mark(user_id, sa.and_(leading, Notification.channel == DIGEST))


def _mark(user_id: uuid.UUID, which: sa.ColumnElement[bool]) -> int:
    unread = sa.and_(Notification.user_id == user_id, Notification.read_at.is_(None))
    marking = sa.update(Notification).where(unread, which).values(read_at=clock.now())
    count = rows_changed(marking)
    if count:
        live.signal(inbox_topic(user_id))
    return count


def forget(scope: str, *which: sa.ColumnElement[bool]) -> None:
    """Delete the lines of this scope that match, from every inbox."""
    db.session.execute(sa.delete(Notification).where(Notification.scope == scope, *which))


def reword(scope: str, kind: str, words: dict[str, Any]) -> None:
    """Change the words of this scope's and kind's lines, in all inboxes and pending emails."""
    says = NOTIFICATION_TYPES[kind].says
    assert says is not None
    kept = shortened(words)
    lines = sa.update(Notification).where(Notification.scope == scope, Notification.kind == kind)
    db.session.execute(lines.values(params=kept, label=says(**kept)[:LONGEST]))


def erase(user: User) -> None:
    """Delete the user's notifications, and their name from other people's lines."""
    for model in (Notification, DigestEmail):
        db.session.execute(sa.delete(model).where(model.user_id == user.id))
    anonymise(user)


def anonymise(user: User) -> None:
    """Replace the user's name by “Former member” in everyone's lines.

    A line contains a name, not an id. So a namesake's name is replaced, too, in lines that are 90
    days old at most.
    """
    naming = sa.select(Notification).where(Notification.label.contains(user.name, autoescape=True))
    for line in db.session.scalars(naming):
        line.label = line.label.replace(user.name, NOBODY)
        line.params = (
            {name: NOBODY if value == user.name else value for name, value in line.params.items()}
            if line.params
            else None
        )


@live.topic("user")
def may_watch(user: Any, id: UUID) -> bool:
    """Let everyone listen only to their own topics."""
    return user.is_authenticated and bool(user.id == id)


def asks_for_another(user: Any, topics: Iterable[str]) -> bool:
    """Whether the page was rendered for a person whom this browser isn't signed in as any more."""
    return any(name.startswith("user:") and not live.may_watch(user, name) for name in topics)


def allowed_topics(
    secret: str, limits: dict[str, int], subscription: Subscription
) -> frozenset[str] | None:
    """Return the subscription's topics that this sign-in may hear now; None if it has ended.

    Also update whether its person is shown to others, and where. The last-seen time stays: an open
    page isn't a person.
    """
    found = sign_ins.by_secret(secret, limits)
    if found is None:
        return None
    user = found[0].user
    heard = frozenset(live.allowed(user, subscription.topics))
    subscription.set_places(str(user.id), live.presence_topics(heard), user.shows_presence)
    return heard
