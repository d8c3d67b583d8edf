"""Telling people: a line in each inbox, a signal to their open pages, and a letter where one is written."""

from collections.abc import Iterable
from typing import Any

from ..accounts.models import User
from ..core import live
from ..core.extensions import db
from ..mail import outbox
from .models import Notification


def tell(users: Iterable[User], kind: str, label: str, url: str, scope: str | None = None, letter: str | None = None, **ids: Any) -> None:
    """Each of `users` has a line in the inbox and, where `letter` is named, a mail, once the transaction commits.

    `kind` is `noun.verb`, such as `rsvp.promoted`; `label` is the sentence shown; `url` a path of ours.
    """
    for user in users:
        db.session.add(Notification(user_id=user.id, kind=kind, label=label[:300], url=url, scope=scope))
        live.signal(f"user:{user.id}:inbox")
        if letter is not None:
            outbox.post(letter, to=user.email, locale=user.locale, user=user.id, **ids)
