"""What happens to the lines of an inbox: they are read, and their owner leaves."""

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
from .notification_types import NOTIFICATION_TYPES
from .notify import LONGEST, inbox_topic, shortened

#: What stands for the name of someone who has left the site.
NOBODY = "Former member"


def mark_all_read(user: User) -> int:
    """Every line of `user`'s is read. Returns how many were not read before."""
    return _mark(user.id, sa.true())


def open_line(user: User, id: uuid.UUID) -> str | None:
    """Where the line leads; it is read, and so are the earlier ones of its scope.

    None when `user` has no such line.
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
    """The ids of those of `users` who have an unread line of this kind and scope that names the
    same.
    """
    lines = sa.select(Notification.user_id, Notification.params).where(
        Notification.user_id.in_([user.id for user in users])
    )
    lines = lines.where(
        Notification.kind == kind, Notification.scope == scope, Notification.read_at.is_(None)
    )
    return {user_id for user_id, said in db.session.execute(lines) if said == words}


def read_about(user_id: uuid.UUID, scope: str) -> None:
    """The lines of this scope are read: the person has been where they lead."""
    _mark(user_id, Notification.scope == scope)


def read_leading(user_id: uuid.UUID, url: str) -> None:
    """The lines that lead there are read, and go out in no digest any more: nothing waits there."""
    _mark(user_id, Notification.url == url)


def stop_emails(user_id: uuid.UUID, leading: sa.ColumnElement[bool]) -> None:
    """The lines of that condition that still wait for the digest are read, and so go out no
    more: the person sees no more where they lead."""
    _mark(user_id, sa.and_(leading, Notification.channel == DIGEST))


def _mark(user_id: uuid.UUID, which: sa.ColumnElement[bool]) -> int:
    unread = sa.and_(Notification.user_id == user_id, Notification.read_at.is_(None))
    marking = sa.update(Notification).where(unread, which).values(read_at=clock.now())
    count = rows_changed(marking)
    if count:
        live.signal(inbox_topic(user_id))
    return count


def forget(scope: str, *which: sa.ColumnElement[bool]) -> None:
    """The lines of this scope, and of these conditions, are in nobody's inbox any more."""
    db.session.execute(sa.delete(Notification).where(Notification.scope == scope, *which))


def reword(scope: str, kind: str, words: dict[str, Any]) -> None:
    """The lines of this scope and kind name these words, in everyone's inbox and in the emails
    that speak of them.
    """
    says = NOTIFICATION_TYPES[kind].says
    assert says is not None
    kept = shortened(words)
    lines = sa.update(Notification).where(Notification.scope == scope, Notification.kind == kind)
    db.session.execute(lines.values(params=kept, label=says(**kept)[:LONGEST]))


def erase(user: User) -> None:
    """Nothing is left of what reached `user`, and no line of others says the name any more."""
    for model in (Notification, DigestEmail):
        db.session.execute(sa.delete(model).where(model.user_id == user.id))
    anonymise(user)


def anonymise(user: User) -> None:
    """No line of anybody's says the name of `user` any more: it says “Former member”.

    A line knows the name, not whose it is: a namesake's is taken out, too, of lines that are 90
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
    """Everyone listens to themselves and to no one else."""
    return user.is_authenticated and bool(user.id == id)


def asks_for_another(user: Any, topics: Iterable[str]) -> bool:
    """Whether the page was drawn for someone whom this browser is no longer signed in as."""
    return any(name.startswith("user:") and not live.may_watch(user, name) for name in topics)


def allowed_topics(
    secret: str, limits: dict[str, int], line: Subscription
) -> frozenset[str] | None:
    """Those of the line's topics that the browser with this sign-in's secret may hear now; None
    when it is signed out.

    The line knows from then on whether its person is shown to others, and where.
    The sign-in's last-seen time stays as it is: an open page is not a person.
    """
    found = sign_ins.by_secret(secret, limits)
    if found is None:
        return None
    user = found[0].user
    heard = frozenset(live.allowed(user, line.topics))
    line.set_places(str(user.id), live.presence_topics(heard), user.shows_presence)
    return heard
