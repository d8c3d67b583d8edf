"""The organizers' pages of a group, and what waits on them. Every feature adds its own in its `register(app)`; the navigation
beside the pages and the overview are drawn from here, and show everybody only what they may come to."""

from collections.abc import Callable, Container
from typing import Any, NamedTuple

import sqlalchemy as sa

from ..core.extensions import db
from . import access
from .models import Group

#: What waits is counted by one statement: a count is its scalar subquery.
Count = Callable[[Group, Any], sa.ScalarSelect[int]]


class Place(NamedTuple):
    """A page: the endpoint, which takes the group's slug; its word, its icon, and the action that lets in.

    `about_group`: it says what the group is, and stands below those on which people are looked after.
    """

    name: str
    endpoint: str
    label: Any
    action: str
    icon: str
    about_group: bool


class Waits(NamedTuple):
    """Something of which a number may wait for those who may do `action`, on the page with this endpoint."""

    name: str
    label: Any
    how_many: Count
    endpoint: str
    action: str


class View(NamedTuple):
    """A page of the group that can be seen in somebody else's eyes; `slug_as`: how its address names the group."""

    label: Any
    endpoint: str
    slug_as: str
    url: str = ""


VIEWS: dict[str, View] = {}
PLACES: dict[str, Place] = {}
WAITING: dict[str, Waits] = {}


def page(name: str, endpoint: str, label: Any, action: str, icon: str = "info", about_group: bool = False) -> None:
    """From now on the navigation leads whoever may do `action` to that page, which says `here="name"` to the frame."""
    PLACES[name] = Place(name, endpoint, label, action, icon, about_group)


def waiting(name: str, label: Any, count: Count, endpoint: str, action: str) -> None:
    """From now on the overview tells whoever may do `action` how many of these wait: `count(group, user)` is a subquery."""
    WAITING[name] = Waits(name, label, count, endpoint, action)


def viewable(name: str, label: Any, endpoint: str, slug_as: str = "slug") -> None:
    """From now on who looks after a group may look at that page as a visitor or a member does."""
    VIEWS[name] = View(label, endpoint, slug_as)


def views(group: Group, url_for: Callable[..., str], endpoints: Container[str]) -> dict[str, View]:
    """Those pages of the group, with their addresses, of those that an application with these endpoints has."""
    here = {name: view for name, view in VIEWS.items() if view.endpoint in endpoints}
    return {name: view._replace(url=url_for(view.endpoint, **{view.slug_as: group.slug})) for name, view in here.items()}


def places(user: Any, group: Group, endpoints: Container[str]) -> list[Place]:
    """The pages to which `user` may come, of those that an application with these endpoints has."""
    may = access.actions_of(user, group)
    mine = [place for place in PLACES.values() if place.action in may and place.endpoint in endpoints]
    return sorted(mine, key=lambda place: place.about_group)


def what_waits(user: Any, group: Group) -> list[tuple[Waits, int]]:
    """What waits for `user`, in the order of its adding; nothing of which there is none. One statement."""
    may = access.actions_of(user, group)
    mine = [waits for waits in WAITING.values() if waits.action in may]
    if not mine:
        return []
    counts = db.session.execute(sa.select(*(waits.how_many(group, user) for waits in mine))).one()
    return [(waits, number) for waits, number in zip(mine, counts, strict=True) if number]
