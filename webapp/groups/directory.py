"""The directory: groups found by words, topic and place together, in one of four orders, a page
at a time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ..core.extensions import db
from ..core.http.pages import Page
from ..core.text import search
from .models import SECRET, Category, Group, Membership, group_category

SIZE = 20
#: The list goes so far: another word helps more than a longer list.
MOST = search.MANY
BEST, LARGEST, NEWEST, BY_NAME = SORTS = ("best", "members", "newest", "name")
#: What a card shows.
CARD = tuple(
    getattr(Group, name)
    for name in (
        "id",
        "slug",
        "name",
        "summary",
        "location",
        "visibility",
        "join_policy",
        "member_count",
        "picture",
        "created_at",
    )
)
_ORDERS: dict[str, tuple[Any, ...]] = {
    LARGEST: (Group.member_count.desc(), Group.id.desc()),
    NEWEST: (Group.created_at.desc(), Group.id.desc()),
    BY_NAME: (Group.name, Group.id),
}


@dataclass(frozen=True)
class GroupSearch:
    """What someone looks for; everything empty is every group. `mine`: only among their own."""

    words: str = ""
    topic: str = ""
    place: str = ""
    sort: str = ""
    mine: bool = False

    @property
    def is_narrowed(self) -> bool:
        """Whether something was asked for, beside an order."""
        return bool(self.words or self.topic or self.place)

    @property
    def order(self) -> str:
        """The order asked for; else the best first where there are words, and the largest where
        there are none.
        """
        if self.sort == BEST and not self.words:
            return LARGEST
        return self.sort if self.sort in SORTS else BEST if self.words else LARGEST


def listed(user: Any, wanted: GroupSearch, page: int = 1, topic: str = "") -> Page:
    """The groups that `user` may find and that fit, as cards; its total ends at MOST, and says when
    there are more.

    One statement, and one before it where there are words; in the tail of a long list of names one
    more. `topic`: the name of the one that is wanted, where the caller knows it: of words and topic
    together the index then picks those with both.
    """
    looking = _GroupQuery(user, wanted, (page - 1) * SIZE, topic)
    rows = looking.cards() if looking.skipped < MOST else []
    total = rows[0].total if rows else 0 if page == 1 else db.session.scalar(looking.counted) or 0
    return Page(rows, min(total, MOST), page, SIZE, has_more=total > MOST)


class _GroupQuery:
    """One look into the directory: who looks for what, and so many cards further on."""

    def __init__(self, user: Any, wanted: GroupSearch, skipped: int, topic: str) -> None:
        self.wanted = wanted
        self.skipped = skipped
        self.asked = search.parse_terms(wanted.words, wanted.place)
        besides = search.parse_terms(topic).words  # a group's text has the words of its topics
        if wanted.order == BEST:
            self.found, self.named = search.find_named(Group, self.asked, besides)
        else:
            self.found = self.named = search.find(Group, self.asked, besides)
        self.visible = [Group.deleted_at.is_(None), _visible(user, wanted)]
        self.fitting = self.those(self.found.condition)
        # how many there are of words that a great many have, the index has just said
        is_known = self.asked.terms and not self.found.few and not self.is_filtered
        self.counted = sa.select(sa.literal(MOST + 1)) if is_known else _counted(self.fitting)

    @property
    def is_filtered(self) -> bool:
        """Whether something else than words decides."""
        return bool(self.wanted.topic or self.wanted.mine)

    def those(
        self,
        condition: sa.ColumnElement[bool],
        topical: Callable[[str], sa.ColumnElement[bool]] | None = None,
    ) -> Any:
        """The ids of the groups that the reader may find, under the topic, and of which the
        condition is true.
        """
        chosen = sa.select(Group.id).where(*self.visible, condition)
        return chosen.where((topical or _under)(self.wanted.topic)) if self.wanted.topic else chosen

    def met(self, found: search.SearchMatch) -> Any:
        """The same, for a list that is read in its order: where a great many have the words, the
        next to fit is met soon.
        """
        return self.those(
            found.condition, _is_under if self.asked.terms and not found.few else None
        )

    def cards(self) -> list[Any]:
        """The cards of the page, in the order that was asked for."""
        if self.wanted.order != BEST:
            return self._read(self.met(self.found).order_by(*_ORDERS[self.wanted.order]))
        if self.found.few:
            return self._read(
                self.fitting.order_by(search.rank(Group, self.asked), *_ORDERS[LARGEST])
            )
        named = self.met(self.named)
        rows = [] if self.named.few else self._read(named.order_by(*_ORDERS[LARGEST]))
        if len(rows) < SIZE and (self.named.few or self.is_filtered):
            others = self.met(self.found).where(sa.not_(self.named.condition))
            return self._read(_in_turn(named, others, self.skipped + SIZE))
        return rows

    def _read(self, chosen: sa.Select[Any]) -> list[Any]:
        total = self.counted.scalar_subquery().label("total")
        cards = chosen.with_only_columns(*CARD, total, maintain_column_froms=True)
        return list(db.session.execute(cards.limit(SIZE).offset(self.skipped)))


def _visible(user: Any, wanted: GroupSearch) -> sa.ColumnElement[bool]:
    """The condition for what this reader may find: among their own groups or all."""
    mine = Group.id.in_(sa.select(Membership.group_id).where(Membership.user_id == user.id))
    shown = Group.visibility != SECRET
    return mine if wanted.mine else shown if user.id is None else sa.or_(shown, mine)


def _under(topic: str) -> sa.ColumnElement[bool]:
    """The condition that a group has the topic with this address: its groups are picked by it."""
    topical = sa.select(group_category.c.group_id).join(
        Category, Category.id == group_category.c.category_id
    )
    return Group.id.in_(topical.where(Category.slug == topic))


def _is_under(topic: str) -> sa.ColumnElement[bool]:
    """The same, asked of one group after the other."""
    of_group = (
        group_category.c.group_id == Group.id,
        Category.id == group_category.c.category_id,
        Category.slug == topic,
    )
    return sa.exists().where(*of_group).correlate(Group)


def _counted(fitting: sa.Select[Any]) -> sa.Select[Any]:
    """How many fit, up to one more than the list shows."""
    return sa.select(sa.func.count()).select_from(
        fitting.limit(MOST + 1).correlate(None).subquery()
    )


def _in_turn(first: sa.Select[Any], second: sa.Select[Any], most: int) -> sa.Select[Any]:
    """Of words that a great many have: those with them in the name, then the others, the largest
    first.

    Nothing is weighed that no page shows: each half is read in the order of an index until it fills
    the page.
    """
    found = [half.order_by(*_ORDERS[LARGEST]).limit(most).subquery() for half in (first, second)]
    ids = sa.union_all(
        *(sa.select(half.c.id, sa.literal(turn).label("half")) for turn, half in enumerate(found))
    ).subquery()
    return (
        sa.select(Group.id).join(ids, ids.c.id == Group.id).order_by(ids.c.half, *_ORDERS[LARGEST])
    )
