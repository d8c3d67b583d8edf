"""Telling people: a line in each inbox, a signal to their open pages, and a letter where one is written."""

from collections.abc import Iterable
from typing import Any

from ..accounts.models import User
from ..core import live
from ..core.extensions import db
from ..mail import outbox
from .models import Notification


def tell(
    users: Iterable[User],
    kind: str,
    label: str,
    url: str,
    scope: str | None = None,
    about: str | None = None,
    letter: str | None = None,
    **ids: Any,
) -> None:
    """Each of `users` has a line in the inbox and, where `letter` is named, a mail, once the transaction commits.

    `kind` is `noun.verb`, such as `rsvp.promoted`; `label` is the sentence shown; `url` a path of ours; lines of one
    `scope` (such as `event:<id>`) are shown together; `about` names the group or event that the line comes from.
    """
    for user in users:
        about_line = about[:120] if about else None
        db.session.add(Notification(user_id=user.id, kind=kind, label=label[:300], url=url, scope=scope, about=about_line))
        live.signal(inbox_topic(user))
        if letter is not None:
            outbox.post(letter, to=user.email, locale=user.locale, user=user.id, **ids)


def inbox_topic(user: User) -> str:
    """What this person's pages listen to for their inbox."""
    return f"user:{user.id}:inbox"
