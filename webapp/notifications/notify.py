"""Notify people by inbox, email or both, as they chose."""

import uuid
from collections.abc import Callable, Iterable
from typing import Any

import sqlalchemy as sa

from ..accounts import blocks
from ..accounts.models import User
from ..core import live
from ..core.db.base import new_id
from ..core.extensions import db
from ..core.i18n import force_locale
from ..mail import outbox
from . import preferences
from .models import NOW, OFF, Notification
from .notification_types import NOTIFICATION_TYPES, PLAIN, SUBJECT_ID, NotificationType

#: The longest value kept of a line's words.
LONGEST = 300


def notify(
    users: Iterable[User],
    kind: str,
    url: str,
    words: dict[str, Any] | Callable[[User], dict[str, Any]] | None = None,
    *,
    scope: str | None = None,
    about: str | None = None,
    group_id: uuid.UUID | None = None,
    email: str | None = None,
    by: User | None = None,
    emailed: bool = True,
    subject_id: uuid.UUID | None = None,
    **ids: Any,
) -> None:
    """Notify `users`: add an inbox line and send an email, at once or in the digest, as each chose.

    `kind` names a type in NOTIFICATION_TYPES, such as `rsvp.promoted`. `words` are its sentence's
    arguments, or a function that returns them for each user. `url` is a path of this site. Lines of
    one `scope` (`event:<id>`) are shown together. `about` names where the line comes from. `by` is
    the person who caused it: they get nothing, nor do people who blocked or muted them. `email` is
    needed only if the type has several, `ids` are its ids. With `emailed=False` the caller sends
    the email. `subject_id` is the id that the type's question is asked of (`holds`), if `scope`
    doesn't name it.
    """
    what, people = NOTIFICATION_TYPES[kind], _hearing(users, NOTIFICATION_TYPES[kind], by)
    template = email or what.emails[0]
    assert template in what.emails, f"{kind} sends no {template}"
    for user, channel in _channels(people, what, group_id):
        if channel != OFF and what.says is not None:
            values = words(user) if callable(words) else words or {}
            line = _line(
                user,
                what,
                values,
                url=url,
                scope=scope,
                about=about,
                group_id=group_id,
                channel=channel,
                subject_id=subject_id,
            )
            if template == PLAIN:
                ids["notice"] = line.id
        if channel == NOW and emailed:
            outbox.enqueue_email(template, to=user.email, locale=user.locale, user=user.id, **ids)


def _channels(
    people: list[User], kind: NotificationType, group_id: uuid.UUID | None
) -> list[tuple[User, str]]:
    reach = preferences.channels(people, kind, group_id)
    return [(user, reach[user.id]) for user in people]


def _hearing(users: Iterable[User], kind: NotificationType, by: User | None) -> list[User]:
    """Return those whom a notification reaches: nobody hears of what they did themselves.

    People who muted `by` still get types that can't be turned off, because someone waits for them;
    people who blocked `by` don't.
    """
    people = [user for user in users if by is None or user.id != by.id]
    if by is None or not kind.from_person or not people:
        return people
    deaf = blocks.muted_or_blocked_by(by, [user.id for user in people], writes=kind.is_fixed)
    return [user for user in people if user.id not in deaf]


def _line(
    user: User,
    kind: NotificationType,
    words: dict[str, Any],
    about: str | None,
    subject_id: uuid.UUID | None,
    **values: Any,
) -> Notification:
    assert kind.says is not None
    values["about"] = about[:120] if about else None
    kept = shortened(words)
    with force_locale(user.locale):
        label = kind.says(**kept)[:LONGEST]
    line = Notification(
        id=new_id(),
        user_id=user.id,
        kind=kind.name,
        params=kept if subject_id is None else {**kept, SUBJECT_ID: str(subject_id)},
        label=label,
        **values,
    )
    db.session.add(line)
    live.signal(inbox_topic(user.id))
    return line


def shortened(words: dict[str, Any]) -> dict[str, Any]:
    """Return the words as they are stored in a line."""
    return {
        name: value[:LONGEST] if isinstance(value, str) else value for name, value in words.items()
    }


def inbox_topic(user_id: uuid.UUID) -> str:
    """Return the topic of this person's inbox."""
    return f"user:{user_id}:inbox"


def alert_admins(user: User) -> None:
    """Tell admins that `user`, whose address is confirmed now, waits for approval."""
    if not user.is_approved:
        admins = db.session.scalars(
            sa.select(User).where(User.is_admin, User.deactivated_at.is_(None))
        )
        notify(
            admins,
            "person.waiting",
            "/admin/approvals",
            {"name": user.name},
            person=user.id,
            subject_id=user.id,
        )
