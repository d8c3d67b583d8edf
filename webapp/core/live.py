"""Live pages: a signal says that something changed, never what; the page then asks for its part under its own rights."""

from collections.abc import Callable
from typing import Any

from .after_commit import after_commit

#: prefix of a topic ("event") -> may this user (or visitor) listen to the topic with this id
WATCHERS: dict[str, Callable[[Any, str], bool]] = {}


def topic(prefix: str) -> Callable[[Callable[[Any, str], bool]], Callable[[Any, str], bool]]:
    """The decorated `may_watch(user, id)` decides who may listen to `prefix:id`."""

    def register(function: Callable[[Any, str], bool]) -> Callable[[Any, str], bool]:
        WATCHERS[prefix] = function
        return function

    return register


def signal(name: str) -> None:
    """Everyone who listens to the topic of `name` (such as `event:42:rsvps`) hears it once this transaction has committed."""
    after_commit(_publish, name)


def _publish(name: str) -> None:
    """The hub sends it."""
