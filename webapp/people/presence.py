"""Who is here now, as a reader may know it: those who let others see it, whose page the reader
sees, and nobody at a distance.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from ..accounts import distances
from ..accounts.models import EVERYONE, GROUPS, NOBODY, User
from ..core import live
from ..core.extensions import db
from ..groups.reads import belongs_together

#: So many faces stand on a page; the others are a number.
FACES = 12


class Here(NamedTuple):
    """Who else is at a place, by name, as far as there is room; `more`: how many others.

    `url`: the page that shows them.
    """

    topic: str
    url: str
    people: list[User]
    more: int

    @property
    def sentence(self) -> str:
        """The same in words."""
        names = ", ".join(person.name for person in self.people)
        if self.more:
            return _("Here now: %(names)s and %(count)s more", names=names, count=self.more)
        return _("Here now: %(names)s", names=names)


def here(reader: User, topic: str, url: str) -> Here:
    """Who has a page of this topic open besides the reader.

    One statement, and none where nobody has.
    """
    ids = [id for id in live.people_at(topic) if id != reader.id]
    rows = db.session.execute(_shown(), {"reader": reader.id, "people": ids}).all() if ids else []
    return Here(topic, url, [row[0] for row in rows], rows[0].total - len(rows) if rows else 0)


def online(reader: User, members: Iterable[User]) -> dict[UUID, bool]:
    """Whether those of `members` who let others see it have a page of the site open; `reader`
    shares a group with all of them.

    Empty while nobody can say.
    """
    shown = {person.id for person in members if person.shows_presence and person.shown_to != NOBODY}
    shown -= distances.apart_from(reader, shown - {reader.id})
    found = live.online(shown) if shown else None
    return {} if found is None else {id: id in found for id in shown}


@cache
def _shown() -> sa.Select[User, int]:
    """Those of `people` whom `reader` may know of; built once, for every page of an event or a
    vote asks.
    """
    reader: Any = sa.bindparam("reader", type_=sa.Uuid)
    present = User.id.in_(sa.bindparam("people", expanding=True, type_=sa.Uuid))
    together = sa.and_(User.shown_to == GROUPS, belongs_together(reader, User.id))
    wanted = sa.select(User, sa.func.count().over().label("total")).where(
        present, User.shows_presence
    )
    wanted = wanted.where(
        User.deactivated_at.is_(None), sa.or_(User.shown_to == EVERYONE, together)
    )
    wanted = wanted.where(~distances.apart(reader, User.id))
    return wanted.order_by(User.search_text, User.id).limit(FACES)
