"""Areas: pages that stand together under one navigation, and what may wait on them.

Groups have one, events, and the site.
"""

from collections.abc import Callable, Container
from typing import Any, NamedTuple

import sqlalchemy as sa

from ..extensions import db

#: What waits is counted by one statement: a count is its scalar subquery.
Count = Callable[..., sa.ScalarSelect[int]]


class NavItem(NamedTuple):
    """A page: the endpoint, which takes the slug where there is one; its word, its icon, and the
    action that lets in.

    `is_apart`: it says what the whole is, and is below those on which people are managed.
    """

    name: str
    endpoint: str
    label: Any
    action: str
    icon: str
    is_apart: bool


class NavCount(NamedTuple):
    """Something of which a number may wait for those who may do `action`, on the page with this
    endpoint.
    """

    name: str
    label: Any
    how_many: Count
    endpoint: str
    action: str


class NavSection:
    """What features add in their `register(app)`, and what of it someone meets."""

    def __init__(self) -> None:
        self._places: dict[str, NavItem] = {}
        self._waiting: dict[str, NavCount] = {}

    def add_page(self, place: NavItem) -> None:
        """From now on it is in the navigation."""
        self._places[place.name] = place

    def add_waiting(self, waits: NavCount) -> None:
        """From now on the overview counts it."""
        self._waiting[waits.name] = waits

    def places(self, may: Container[str], endpoints: Container[str]) -> list[NavItem]:
        """The pages for those who may do so much, of those that an application with these
        endpoints has.
        """
        mine = [
            place
            for place in self._places.values()
            if place.action in may and place.endpoint in endpoints
        ]
        return sorted(mine, key=lambda place: place.is_apart)

    def what_waits(self, may: Container[str], *about: Any) -> list[tuple[NavCount, int]]:
        """What waits, in the order of its adding; nothing of which there is none. One statement."""
        mine = [waits for waits in self._waiting.values() if waits.action in may]
        if not mine:
            return []
        counts = db.session.execute(sa.select(*(waits.how_many(*about) for waits in mine))).one()
        return [(waits, number) for waits, number in zip(mine, counts, strict=True) if number]
