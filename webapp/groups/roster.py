"""A group's members as a list to search and sort, fast even for ten thousand."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from ..accounts.models import User
from ..core.extensions import db
from ..core.http.pages import Page
from ..core.text.strings import folded, like_pattern
from .models import ROLES, Group, Membership

SIZE = 20
BY_ROLE, BY_NAME, NEWEST, LONGEST = SORTS = ("", "name", "newest", "longest")
#: Owners first.
RANK = sa.case({role: rank for rank, role in enumerate(ROLES)}, value=Membership.role)
_ORDERS: dict[str, tuple[Any, ...]] = {
    BY_ROLE: (RANK, User.search_text, Membership.id),
    BY_NAME: (User.search_text, Membership.id),
    NEWEST: (Membership.created_at.desc(), Membership.id.desc()),
    LONGEST: (Membership.created_at, Membership.id),
}


@dataclass(frozen=True)
class MemberSearch:
    """A search in a group's members; empty means everyone, leaders first."""

    words: str = ""
    role: str = ""
    sort: str = BY_ROLE

    @property
    def is_narrowed(self) -> bool:
        """Whether there are criteria."""
        return bool(self.words or self.role)

    @property
    def query(self) -> dict[str, str]:
        """The search as a query string."""
        parameters = {"q": self.words, "role": self.role, "sort": self.sort}
        return {name: value for name, value in parameters.items() if value}


def members_of(
    group: Group, criteria: MemberSearch | None = None, page: int = 1, size: int = SIZE
) -> Page:
    """Return a page of memberships with people whose name or handle contains every word; one
    statement.

    Only the page is loaded in full; of all others just what sorting needs.
    """
    criteria = criteria or MemberSearch()
    order = _ORDERS[criteria.sort]
    fitting = _fitting(group, criteria)
    all_of_them = sa.func.count().over().label("total")
    shown = (
        fitting.add_columns(all_of_them)
        .order_by(*order)
        .limit(size)
        .offset((page - 1) * size)
        .subquery()
    )
    whole = (
        sa.select(Membership, shown.c.total)
        .join(shown, shown.c.id == Membership.id)
        .join(Membership.user)
    )
    rows = db.session.execute(whole.options(contains_eager(Membership.user)).order_by(*order)).all()
    counted = sa.select(sa.func.count()).select_from(fitting.subquery())
    total = rows[0].total if rows else 0 if page == 1 else db.session.scalar(counted) or 0
    return Page([row[0] for row in rows], total, page, size)


def table_of(group: Group) -> Sequence[Any]:
    """Return everyone by role and name, as rows: names, handle, role, and since when."""
    columns = (User.first_name, User.last_name, User.handle, Membership.role, Membership.created_at)
    query = sa.select(*columns).join(Membership, Membership.user_id == User.id)
    query = query.where(Membership.group_id == group.id, User.deactivated_at.is_(None))
    return db.session.execute(query.order_by(*_ORDERS[BY_ROLE])).all()


def _fitting(group: Group, criteria: MemberSearch) -> sa.Select[Any]:
    """The ids of matching memberships, without closed accounts."""
    chosen = sa.select(Membership.id).join(User, User.id == Membership.user_id)
    chosen = chosen.where(Membership.group_id == group.id, User.deactivated_at.is_(None))
    if criteria.role:
        chosen = chosen.where(Membership.role == criteria.role)
    for word in folded(criteria.words).split():
        chosen = chosen.where(User.search_text.like(like_pattern(word), escape="\\"))
    return chosen
