"""Who may listen to what: a person to themselves, and to what each feature lets them watch."""

from collections.abc import Iterable
from typing import Any

from flask import Flask

from ..accounts import sign_ins
from ..accounts.loader import Visitor
from ..accounts.models import User
from ..core import live
from ..core.database import reading


@live.topic("user")
def may_watch(user: Any, id: str) -> bool:
    """Everyone listens to themselves and to no one else."""
    return user.is_authenticated and str(user.id) == id


def asks_for_another(user: Any, topics: Iterable[str]) -> bool:
    """Whether the page was drawn for someone whom this browser is no longer signed in as."""
    return any(name.startswith("user:") and not live.may_watch(user, name) for name in topics)


def heard_by(app: Flask, secret: str | None, topics: frozenset[str]) -> frozenset[str] | None:
    """Those of the topics that the browser with this sign-in's secret may hear now; None when it is signed out.

    Opens and leaves a context of its own: between two looks a stream holds no connection to the database. Does not
    touch the sign-in's last-seen time: an open page is not a person.
    """
    token = reading.set(True)
    try:
        with app.app_context():
            person: User | Visitor = Visitor()
            if secret is not None:
                row = sign_ins.of_secret(secret, app.config)  # type: ignore[arg-type]
                if row is None:
                    return None
                person = row.user
            return frozenset(live.allowed(person, topics))
    finally:
        reading.reset(token)
