"""The hosts' pages of an event, and what waits on them.

`events.register` lists the pages in the order of the navigation; each feature adds what waits.
The navigation and the overview show people only the pages that they may open.
"""

from collections.abc import Container
from typing import Any

from ..core.ui.navigation import Count, NavCount, NavItem, NavSection
from . import access
from .models import Event

AREA = NavSection()


def page(
    name: str,
    endpoint: str,
    label: Any,
    action: str = "event:edit",
    icon: str = "info",
    about_event: bool = False,
) -> None:
    """From now on the navigation leads anyone who may do `action` to that page, which says
    `here="name"` to the frame.
    """
    AREA.add_page(NavItem(name, endpoint, label, action, icon, about_event))


def waiting(name: str, label: Any, count: Count, endpoint: str, action: str = "event:edit") -> None:
    """From now on the overview tells anyone who may do `action` how many of these wait:
    `count(event)` is a subquery.
    """
    AREA.add_waiting(NavCount(name, label, count, endpoint, action))


def places(user: Any, event: Event, endpoints: Container[str]) -> list[NavItem]:
    """The pages to which `user` may come, of those that an application with these endpoints has."""
    return AREA.places(access.actions_of(user, event), endpoints)


def what_waits(user: Any, event: Event) -> list[tuple[NavCount, int]]:
    """What waits for `user`, in the order of its adding; nothing of which there is none.

    One statement.
    """
    return AREA.what_waits(access.actions_of(user, event), event)
