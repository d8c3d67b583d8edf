"""The directory: search groups by words, topic and place, in one of four orders, page by page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ..core.extensions import db
from ..core.http.pages import Page
from ..core.text import search
from ..core.ui.artwork import Art, apart, arts_for
from .models import SECRET, Category, Group, Membership, group_category

SIZE = 20
#: The list ends here: a better search helps more than a longer list.
MOST = search.MANY
BEST, LARGEST, NEWEST, BY_NAME = SORTS = ("best", "members", "newest", "name")
#: The columns of a card.
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
    """A search; empty means all groups. `mine`: only the reader's own."""

    words: str = ""
    topic: str = ""
    place: str = ""
    sort: str = ""
    mine: bool = False

    @property
    def is_narrowed(self) -> bool:
        """Whether there are criteria besides the order."""
        return bool(self.words or self.topic or self.place)

    @property
    def order(self) -> str:
        """The chosen order; by default best match with words, else largest first."""
        if self.sort == BEST and not self.words:
            return LARGEST
        return self.sort if self.sort in SORTS else BEST if self.words else LARGEST


def listed(user: Any, criteria: GroupSearch, page: int = 1, topic: str = "") -> Page:
    """Return a page of matching groups that `user` may find, as cards.

    The total ends at MOST and says if there are more. One statement, with words two, and one more
    at the end of a long list of names. `topic`: the name of the wanted topic if the caller knows
    it, so that the index finds groups with both words and topic.
    """
    looking = _GroupQuery(user, criteria, (page - 1) * SIZE, topic)
    rows = looking.cards() if looking.skipped < MOST else []
    total = rows[0].total if rows else 0 if page == 1 else db.session.scalar(looking.counted) or 0
    return Page(rows, min(total, MOST), page, SIZE, has_more=total > MOST)


class _GroupQuery:
    """One search: who searches for what, from which card on."""

    def __init__(self, user: Any, criteria: GroupSearch, skipped: int, topic: str) -> None:
        self.criteria = criteria
        self.skipped = skipped
        self.search_terms = search.parse_terms(criteria.words, criteria.place)
        besides = search.parse_terms(topic).words  # a group's text includes its topics
        if criteria.order == BEST:
            self.found, self.named = search.find_named(Group, self.search_terms, besides)
        else:
            self.found = self.named = search.find(Group, self.search_terms, besides)
        self.visible = [Group.deleted_at.is_(None), _visible(user, criteria)]
        self.fitting = self.those(self.found.condition)
        # for very common words the index has just told that there are many
        is_known = self.search_terms.terms and not self.found.few and not self.is_filtered
        self.counted = sa.select(sa.literal(MOST + 1)) if is_known else _counted(self.fitting)

    @property
    def is_filtered(self) -> bool:
        """Whether there are criteria other than words."""
        return bool(self.criteria.topic or self.criteria.mine)

    def those(
        self,
        condition: sa.ColumnElement[bool],
        topical: Callable[[str], sa.ColumnElement[bool]] | None = None,
    ) -> Any:
        """Select the ids of groups that the reader may find, with the topic and this condition."""
        chosen = sa.select(Group.id).where(*self.visible, condition)
        return (
            chosen.where((topical or _under)(self.criteria.topic))
            if self.criteria.topic
            else chosen
        )

    def met(self, found: search.SearchMatch) -> Any:
        """Select the same for a list read in order: with very common words the next match is never
        far.
        """
        return self.those(
            found.condition, _is_under if self.search_terms.terms and not found.few else None
        )

    def cards(self) -> list[Any]:
        """Return the page's cards in the chosen order."""
        if self.criteria.order != BEST:
            return self._read(self.met(self.found).order_by(*_ORDERS[self.criteria.order]))
        if self.found.few:
            return self._read(
                self.fitting.order_by(search.rank(Group, self.search_terms), *_ORDERS[LARGEST])
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


def covered(groups: Sequence[Any]) -> list[tuple[Any, Art]]:
    """Return each group of a list with its drawn cover, which differs from the others'."""
    drawn = [group for group in groups if group.picture is None]
    arts = dict(zip(drawn, apart(arts_for(group.id) for group in drawn), strict=True))
    return [(group, arts.get(group, ("", ""))) for group in groups]


def _visible(user: Any, criteria: GroupSearch) -> sa.ColumnElement[bool]:
    """The condition for groups that the reader may find: their own, or all."""
    mine = Group.id.in_(sa.select(Membership.group_id).where(Membership.user_id == user.id))
    shown = Group.visibility != SECRET
    return mine if criteria.mine else shown if user.id is None else sa.or_(shown, mine)


def _under(topic: str) -> sa.ColumnElement[bool]:
    """The condition that a group has this topic, for a query that starts with the topic."""
    topical = sa.select(group_category.c.group_id).join(
        Category, Category.id == group_category.c.category_id
    )
    return Group.id.in_(topical.where(Category.slug == topic))


def _is_under(topic: str) -> sa.ColumnElement[bool]:
    """The same condition, for a query that checks one group after another."""
    of_group = (
        group_category.c.group_id == Group.id,
        Category.id == group_category.c.category_id,
        Category.slug == topic,
    )
    return sa.exists().where(*of_group).correlate(Group)


def _counted(fitting: sa.Select[Any]) -> sa.Select[Any]:
    """The number of matches, up to one more than the list shows."""
    return sa.select(sa.func.count()).select_from(
        fitting.limit(MOST + 1).correlate(None).subquery()
    )


def _in_turn(first: sa.Select[Any], second: sa.Select[Any], most: int) -> sa.Select[Any]:
    """For very common words: groups with them in the name, then others, largest first.

    Each half is read in the order of an index until it fills the page; nothing is ranked that no
    page shows.
    """
    found = [half.order_by(*_ORDERS[LARGEST]).limit(most).subquery() for half in (first, second)]
    ids = sa.union_all(
        *(sa.select(half.c.id, sa.literal(turn).label("half")) for turn, half in enumerate(found))
    ).subquery()
    return (
        sa.select(Group.id).join(ids, ids.c.id == Group.id).order_by(ids.c.half, *_ORDERS[LARGEST])
    )
