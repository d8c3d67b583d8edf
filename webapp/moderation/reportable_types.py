"""What can be reported.

Every feature adds its own in its `register(app)`; reports and judgements ask only what is here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from ..accounts.models import User
from ..groups.models import Group
from .models import SNAPSHOT

#: (icon, label, words) of what stands around a thing: what explains it to those who judge
Around = list[tuple[str, Any, Any]]


@dataclass(frozen=True)
class Reportable:
    """One kind of thing that can be reported, and how it is found, named, shown and hidden.

    `load(user, id)` gives the thing as `user` may see it and raises NotFound; `find(id)` gives it
    the person who asks, or None. `group(thing)` names whose moderators judge it; None: the site's
    admins do. `author(thing)` is whom it is about. `hide(thing, by, reason)` and `unhide(thing,
    by)` are verbs that tell nobody and ask no rights: both was done by then. Without them it cannot
    be hidden; `may_hide` says whether it can be now, and `hiding` what that does. `excerpt(thing)`
    holds every text that anyone who sees the thing reads of it; what it says of people with
    accounts of their own, who may be erased, is in `of_others(thing)`, by their ids.
    `answerable(thing)` are those who are told what was decided, where that is not the author alone.
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
    #: the groups among which a person chooses where it happened; each thing of other kinds stands
    #: in one place
    places: Callable[[Any, Any], list[Group]] = lambda user, thing: []

    def snapshot(self, thing: Any) -> dict[str, Any]:
        """What a case keeps of the thing as it is now."""
        words = self.excerpt(thing)
        cut = words if len(words) <= SNAPSHOT else words[: SNAPSHOT - 1] + "…"
        return {"snapshot": cut, "of_others": self.of_others(thing)}


def paragraphs(*parts: str) -> str:
    """Those that say something, as one text."""
    return "\n\n".join(part for part in parts if part)


#: name -> what can be reported, in the order of the queue's filter
THINGS: dict[str, Reportable] = {}


def reportable(*things: Reportable) -> None:
    """From now on these can be reported."""
    THINGS.update({thing.name: thing for thing in things})


def people_to_tell(kind: str, thing_id: UUID, author: User | None) -> list[User]:
    """Who is told what was decided about this thing, and may object: its author, of a group
    those who own it.
    """
    what = THINGS[kind]
    thing = what.find(thing_id) if what.answerable is not None else None
    if what.answerable is None or thing is None:
        return [author] if author is not None else []
    return what.answerable(thing)
