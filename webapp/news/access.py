"""Where news belongs, who reads it and who chooses feeds: for a group, those who see inside it and
those who edit it; for the site, everyone and admins.
"""

import uuid
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import NotFound

from ..core.db.session import one_or_404
from ..groups import access as groups
from ..groups.models import Group
from .models import NewsItem, NewsSource

#: The action needed to choose a group's feeds; the site's take an admin (`admins_only`).
CHOOSE = "group:edit"


class NewsScope(NamedTuple):
    """The news of a group, or without a group of the site."""

    group: Group | None = None

    def holds(self, model: type[NewsSource] | type[NewsItem]) -> sa.ColumnElement[bool]:
        """Return the condition for rows of this scope."""
        return model.group_id.is_(None) if self.group is None else model.group_id == self.group.id


SITE = NewsScope()


def scope_for(user: Any, slug: str) -> NewsScope:
    """Return the scope of the group with this slug, if `user` may read its news.

    Raises NotFound, or GroupMoved for an earlier slug.
    """
    group = groups.group_for(user, slug)
    if not groups.may_see_inside(user, group):
        raise NotFound()
    return NewsScope(group)


def item_in(scope: NewsScope, item_id: uuid.UUID) -> NewsItem:
    """Return this scope's item with this id, with its feed. Raises NotFound."""
    query = sa.select(NewsItem).where(NewsItem.id == item_id, scope.holds(NewsItem))
    return one_or_404(query.options(joinedload(NewsItem.source)))


def source_in(scope: NewsScope, source_id: uuid.UUID) -> NewsSource:
    """Return this scope's feed with this id. Raises NotFound."""
    return one_or_404(
        sa.select(NewsSource).where(NewsSource.id == source_id, scope.holds(NewsSource))
    )
