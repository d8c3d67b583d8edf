"""What pages show of news, from the database alone."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask_babel import gettext as _, ngettext

from ..core.db.keyset import Cursor, KeysetPage, keyset_page
from ..core.extensions import db
from ..core.i18n import short_day
from ..core.text import search
from ..groups.models import Group
from .access import SITE, NewsScope
from .models import FAILING, GONE, NewsItem, NewsSource

SIZE = 20
_LINE = tuple(
    getattr(NewsItem, name)
    for name in ("id", "source_id", "title", "author", "summary", "published_at")
)


class NewsState(NamedTuple):
    """How current a page of news is: `as_of` is the latest response of a feed, None before the
    first.

    `silent`: feeds with an outdated copy. `unheard`: whether one hasn't been fetched yet.
    """

    as_of: datetime | None
    silent: list[NewsSource]
    unheard: bool


def sources(scope: NewsScope) -> list[NewsSource]:
    """Return the scope's feeds, oldest first. At most `sources.MOST`."""
    return list(
        db.session.scalars(
            sa.select(NewsSource)
            .where(scope.holds(NewsSource))
            .order_by(NewsSource.created_at, NewsSource.id)
        )
    )


def failing_in(group: Group, _user: Any = None) -> sa.ScalarSelect[int]:
    """The number of the group's failing feeds, as a part of another statement."""
    return _failing(NewsScope(group))


def failing_on_site(_user: Any = None) -> sa.ScalarSelect[int]:
    """The number of the site's failing feeds, as a part of another statement."""
    return _failing(SITE)


def _failing(scope: NewsScope) -> sa.ScalarSelect[int]:
    counted = sa.select(sa.func.count(NewsSource.id)).where(
        scope.holds(NewsSource), NewsSource.state.in_((FAILING, GONE))
    )
    return counted.scalar_subquery()


def failing_in_words(number: int) -> str:
    """Return the label of a number of failing feeds."""
    return ngettext("News feed that isn’t working", "News feeds that aren’t working", number)


def failing_since_in_words(moment: datetime, *_about: Any) -> str:
    """Say since when the first of them has failed."""
    return _("Since %(day)s", day=short_day(moment))


def has_sources_of_site(_user: Any = None) -> sa.ColumnElement[bool]:
    """Whether the site has any feed, as a part of another statement."""
    return sa.exists().where(SITE.holds(NewsSource))


def state_of(chosen: Sequence[NewsSource]) -> NewsState:
    """Return how current these feeds are together."""
    heard = [source.fetched_at for source in chosen if source.fetched_at is not None]
    silent = [
        source
        for source in chosen
        if source.failing_since is not None and source.fetched_at is not None
    ]
    return NewsState(
        max(heard, default=None), silent, any(source.checked_at is None for source in chosen)
    )


def listed(
    scope: NewsScope,
    words: str = "",
    source_id: uuid.UUID | None = None,
    cursor: Cursor | None = None,
) -> KeysetPage:
    """Return a page of items, latest first: of one feed, or containing these words.

    One statement, with words two. A scope has at most `sources.MOST` times `store.MOST_ITEMS` rows.
    """
    found = search.find(NewsItem, search.parse_terms(words))
    query: sa.Select[Any] = sa.select(*_LINE).where(scope.holds(NewsItem), found.condition)
    if source_id is not None:
        query = query.where(NewsItem.source_id == source_id)
    return keyset_page(query, NewsItem.published_at, NewsItem.id, cursor, SIZE, latest_first=True)
