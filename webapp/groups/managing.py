"""The organizers' pages of a group, and what waits on them. Every feature adds its own in its
`register(app)`; the navigation beside the pages and the overview are drawn from here, and show
everybody only what they may come to."""

from collections.abc import Callable, Container
from typing import Any, NamedTuple

from ..core.areas import Area, Count, Place, Waits
from . import access
from .models import Group

AREA = Area()


class View(NamedTuple):
    """A page of the group that can be seen in somebody else's eyes; `slug_as`: how its address
    names the group.
    """

    label: Any
    endpoint: str
    slug_as: str
    url: str = ""


VIEWS: dict[str, View] = {}


def page(
    name: str, endpoint: str, label: Any, action: str, icon: str = "info", about_group: bool = False
) -> None:
    """From now on the navigation leads whoever may do `action` to that page, which says
    `here="name"` to the frame.
    """
    AREA.add_page(Place(name, endpoint, label, action, icon, about_group))


def waiting(name: str, label: Any, count: Count, endpoint: str, action: str) -> None:
    """From now on the overview tells whoever may do `action` how many of these wait:
    `count(group, user)` is a subquery.
    """
    AREA.add_waiting(Waits(name, label, count, endpoint, action))


def viewable(name: str, label: Any, endpoint: str, slug_as: str = "slug") -> None:
    """From now on who looks after a group may look at that page as a visitor or a member does."""
    VIEWS[name] = View(label, endpoint, slug_as)


def views(group: Group, url_for: Callable[..., str], endpoints: Container[str]) -> dict[str, View]:
    """Those pages of the group, with their addresses, of those that an application with these
    endpoints has.
    """
    here = {name: view for name, view in VIEWS.items() if view.endpoint in endpoints}
    return {
        name: view._replace(url=url_for(view.endpoint, **{view.slug_as: group.slug}))
        for name, view in here.items()
    }


def places(user: Any, group: Group, endpoints: Container[str]) -> list[Place]:
    """The pages to which `user` may come, of those that an application with these endpoints has."""
    return AREA.places(access.actions_of(user, group), endpoints)


def what_waits(user: Any, group: Group) -> list[tuple[Waits, int]]:
    """What waits for `user`, in the order of its adding; nothing of which there is none.

    One statement.
    """
    return AREA.what_waits(access.actions_of(user, group), group, user)
