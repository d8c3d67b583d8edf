"""Where news stands, and who reads it and chooses its sources: in a group who sees into it and who
edits it, on the site everyone and its admins."""

import uuid
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import NotFound

from ..core.db.session import one_or_404
from ..groups import access as groups
from ..groups.models import Group
from .models import NewsItem, NewsSource

#: What choosing sources takes in a group; on the site it takes an admin (`admins_only`).
CHOOSE = "group:edit"


class NewsScope(NamedTuple):
    """A group's news, or without a group the site's."""

    group: Group | None = None

    def holds(self, model: type[NewsSource] | type[NewsItem]) -> sa.ColumnElement[bool]:
        """The condition for the rows that are here."""
        return model.group_id.is_(None) if self.group is None else model.group_id == self.group.id


SITE = NewsScope()


def scope_for(user: Any, slug: str) -> NewsScope:
    """The news of the group with this address, as `user` may read it.

    Raises NotFound, and Moved for an address of before.
    """
    group = groups.group_for(user, slug)
    if not groups.may_see_inside(user, group):
        raise NotFound()
    return NewsScope(group)


def scope_to_manage(user: Any, slug: str) -> NewsScope:
    """The same for those who choose its sources; raises Forbidden, too."""
    return NewsScope(groups.group_to(user, CHOOSE, slug))


def item_in(scope: NewsScope, item_id: uuid.UUID) -> NewsItem:
    """The item with this id that is here, with its source. Raises NotFound."""
    query = sa.select(NewsItem).where(NewsItem.id == item_id, scope.holds(NewsItem))
    return one_or_404(query.options(joinedload(NewsItem.source)))


def source_in(scope: NewsScope, source_id: uuid.UUID) -> NewsSource:
    """The source with this id of those chosen here. Raises NotFound."""
    return one_or_404(
        sa.select(NewsSource).where(NewsSource.id == source_id, scope.holds(NewsSource))
    )
