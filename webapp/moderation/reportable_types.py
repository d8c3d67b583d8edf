"""What can be reported.

Every feature adds its types in its `register(app)`; reports and decisions use only these.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from ..accounts.models import User
from ..groups.models import Group
from .models import SNAPSHOT

#: (icon, label, text) of the context of a thing, for judges.
Around = list[tuple[str, Any, Any]]


@dataclass(frozen=True)
class Reportable:
    """A type of thing that can be reported: how to find, name, show and hide it.

    `load(user, id)` returns the thing as `user` may see it, and raises NotFound; `find(id)` returns
    it to anyone, or None. `group(thing)` is the group whose moderators judge it; None: admins do.
    `author(thing)` is the person concerned. `hide(thing, by, reason)` and `unhide(thing, by)`
    notify nobody and check no permission: the caller has done both. Without them it can't be
    hidden; `may_hide` says whether it can be now, and `hiding` what that does. `excerpt(thing)`
    returns every text that people who see the thing read. `of_others(thing)` returns texts about
    other people with accounts by their ids, because these may be erased. `answerable(thing)`
    returns who is told of the decision, if not the author alone.
    """

    name: str
    title: Any
    icon: str
    load: Callable[[Any, UUID], Any]
    find: Callable[[UUID], Any]
    label: Callable[[Any], str]
    url: Callable[[Any], str]
    group: Callable[[Any], Group | None]
    author: Callable[[Any], User | None]
    excerpt: Callable[[Any], str]
    hide: Callable[..., None] | None = None
    unhide: Callable[..., None] | None = None
    is_hidden: Callable[[Any], bool] = lambda thing: False
    may_hide: Callable[[Any], bool] = lambda thing: True
    hiding: Callable[[Any], str] = lambda thing: _("Other people can’t see it any more.")
    around: Callable[[Any, Any], Around] = lambda thing, user: []
    answerable: Callable[[Any], list[User]] | None = None
    of_others: Callable[[Any], dict[str, str]] = lambda thing: {}
    #: The groups from which a reporter of a person can choose where it happened; other things
    #: belong to one place.
    places: Callable[[Any, Any], list[Group]] = lambda user, thing: []

    def snapshot(self, thing: Any) -> dict[str, Any]:
        """Return what a case stores of the thing."""
        words = self.excerpt(thing)
        cut = words if len(words) <= SNAPSHOT else words[: SNAPSHOT - 1] + "…"
        return {"snapshot": cut, "of_others": self.of_others(thing)}


def paragraphs(*parts: str) -> str:
    """Join the parts that aren't empty."""
    return "\n\n".join(part for part in parts if part)


#: Name -> type of thing, in the order of the queue's filter.
THINGS: dict[str, Reportable] = {}


def reportable(*things: Reportable) -> None:
    """Register types of things that can be reported."""
    THINGS.update({thing.name: thing for thing in things})


def people_to_tell(kind: str, thing_id: UUID, author: User | None) -> list[User]:
    """Return who is told of a decision about this thing and may appeal: its author, or a group's
    owners.
    """
    what = THINGS[kind]
    thing = what.find(thing_id) if what.answerable is not None else None
    if what.answerable is None or thing is None:
        return [author] if author is not None else []
    return what.answerable(thing)
