"""The directory: groups found by words, topic and place together, in one of four orders, a page at a time."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ..core import search
from ..core.extensions import db
from ..core.pages import Page
from .models import SECRET, Category, Group, Membership, group_category

SIZE = 20
#: The list goes so far. Whoever looks for something further down is better helped by another word.
MOST = search.MANY
BEST, LARGEST, NEWEST, BY_NAME = SORTS = ("best", "members", "newest", "name")
#: What a card shows.
CARD = tuple(
    getattr(Group, name)
    for name in ("id", "slug", "name", "summary", "place", "visibility", "way_in", "member_count", "picture", "created_at")
)
_ORDERS: dict[str, tuple[Any, ...]] = {
    LARGEST: (Group.member_count.desc(), Group.id.desc()),
    NEWEST: (Group.created_at.desc(), Group.id.desc()),
    BY_NAME: (Group.name, Group.id),
}


@dataclass(frozen=True)
class Search:
    """What somebody looks for; everything empty is every group. `mine`: only among their own."""

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
        """The order asked for; else the best first where there are words, and the largest where there are none."""
        if self.sort == BEST and not self.words:
            return LARGEST
        return self.sort if self.sort in SORTS else BEST if self.words else LARGEST


def listed(user: Any, wanted: Search, page: int = 1) -> Page:
    """The groups that `user` may find and that fit, as cards; its total ends at MOST, and says when there are more.

    One statement, and one before it where there are words.
    """
    asked = search.asked(wanted.words, wanted.place)
    found, named = search.find_named(Group, asked) if wanted.order == BEST else [search.find(Group, asked)] * 2
    fitting = sa.select(Group.id).where(*_visible(user, wanted), found.condition)
    is_whole = not (wanted.topic or wanted.mine)
    # how many there are of words that a great many have, the index has just said
    counted = sa.select(sa.literal(MOST + 1)) if asked.terms and is_whole and not found.few else _counted(fitting)
    skipped = (page - 1) * SIZE
    if wanted.order != BEST:
        chosen = fitting.order_by(*_ORDERS[wanted.order])
    elif found.few:
        chosen = fitting.order_by(search.rank(Group, asked), *_ORDERS[LARGEST])
    elif is_whole and not named.few:
        chosen = sa.select(Group.id).where(*_visible(user, wanted), named.condition).order_by(*_ORDERS[LARGEST])
    else:
        halves = named.condition, sa.and_(found.condition, sa.not_(named.condition))
        chosen = _in_turn([sa.select(Group.id).where(*_visible(user, wanted), half) for half in halves], skipped + SIZE)
    cards = chosen.with_only_columns(*CARD, counted.scalar_subquery().label("total"), maintain_column_froms=True)
    rows = db.session.execute(cards.limit(SIZE).offset(skipped)).all() if skipped < MOST else []
    total = rows[0].total if rows else 0 if page == 1 else db.session.scalar(counted) or 0
    return Page(list(rows), min(total, MOST), page, SIZE, has_more=total > MOST)


def _counted(fitting: sa.Select[Any]) -> sa.Select[Any]:
    """How many fit, up to one more than the list shows."""
    return sa.select(sa.func.count()).select_from(fitting.limit(MOST + 1).correlate(None).subquery())


def _visible(user: Any, wanted: Search) -> list[sa.ColumnElement[bool]]:
    """The conditions for what this reader may find in their own groups or in all, under the topic."""
    conditions: list[sa.ColumnElement[bool]] = [Group.deleted_at.is_(None)]
    mine = sa.select(Membership.group_id).where(Membership.user_id == user.id)
    if wanted.mine:
        conditions.append(Group.id.in_(mine))
    elif user.id is None:
        conditions.append(Group.visibility != SECRET)
    else:
        conditions.append(sa.or_(Group.visibility != SECRET, Group.id.in_(mine)))
    if wanted.topic:
        topical = sa.select(group_category.c.group_id).join(Category, Category.id == group_category.c.category_id)
        conditions.append(Group.id.in_(topical.where(Category.slug == wanted.topic)))
    return conditions


def _in_turn(halves: list[sa.Select[Any]], most: int) -> sa.Select[Any]:
    """Of words that a great many have: those with them in the name, then the others, the largest first.

    Nothing is weighed that no page shows: each half is read in the order of an index until it fills the page.
    """
    found = [half.order_by(*_ORDERS[LARGEST]).limit(most).subquery() for half in halves]
    ids = sa.union_all(*(sa.select(half.c.id, sa.literal(turn).label("half")) for turn, half in enumerate(found))).subquery()
    return sa.select(Group.id).join(ids, ids.c.id == Group.id).order_by(ids.c.half, *_ORDERS[LARGEST])
