"""Who may listen to what: a person to themselves, and to what each feature lets them watch."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from ..accounts import sign_ins
from ..core import live
from ..core.live.subscription import Subscription


@live.topic("user")
def may_watch(user: Any, id: UUID) -> bool:
    """Everyone listens to themselves and to no one else."""
    return user.is_authenticated and bool(user.id == id)


def asks_for_another(user: Any, topics: Iterable[str]) -> bool:
    """Whether the page was drawn for someone whom this browser is no longer signed in as."""
    return any(name.startswith("user:") and not live.may_watch(user, name) for name in topics)


def heard_by(secret: str, limits: dict[str, int], line: Subscription) -> frozenset[str] | None:
    """Those of the line's topics that the browser with this sign-in's secret may hear now; None
    when it is signed out.

    The line knows from then on whether its person is shown to others, and where.
    The sign-in's last-seen time stays as it is: an open page is not a person.
    """
    found = sign_ins.of_secret(secret, limits)
    if found is None:
        return None
    user = found[0].user
    heard = frozenset(live.allowed(user, line.topics))
    line.stand(str(user.id), live.places_among(heard), user.shows_presence)
    return heard
