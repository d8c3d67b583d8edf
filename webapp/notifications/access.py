"""Who may listen to what: a person to themselves, and to what each feature lets them watch."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from ..accounts import sign_ins
from ..core import live


@live.topic("user")
def may_watch(user: Any, id: UUID) -> bool:
    """Everyone listens to themselves and to no one else."""
    return user.is_authenticated and bool(user.id == id)


def asks_for_another(user: Any, topics: Iterable[str]) -> bool:
    """Whether the page was drawn for someone whom this browser is no longer signed in as."""
    return any(name.startswith("user:") and not live.may_watch(user, name) for name in topics)


def heard_by(secret: str, limits: dict[str, int], topics: frozenset[str]) -> frozenset[str] | None:
    """Those of the topics that the browser with this sign-in's secret may hear now; None when it is signed out.

    The sign-in's last-seen time stays as it is: an open page is not a person.
    """
    found = sign_ins.of_secret(secret, limits)
    return None if found is None else frozenset(live.allowed(found[0].user, topics))
