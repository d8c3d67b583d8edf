"""Groups, events and votes of the whole site, for admins.

What only members see stays private: secret groups are only counted, and votes are listed without
their titles. See `docs/decisions/0047-runtime-settings.md`.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from ..core.db.keyset import Cursor, KeysetPage, keyset_page
from ..core.extensions import db
from ..core.text import search
from ..events.access import listed_for
from ..events.models import DRAFT, Event
from ..groups.models import SECRET, Group
from ..voting.models import Vote

SIZE = 25
ALL, HIDDEN = SHOWN = ("", "hidden")
_LISTED = sa.and_(
    Group.deleted_at.is_(None),
    sa.or_(Group.visibility != SECRET, Group.settings_before_hiding.is_not(None)),
)


def groups(words: str, show: str, cursor: Cursor | None) -> KeysetPage:
    """Return the listed groups and those hidden by admins, newest first."""
    query: Any = sa.select(Group.id, Group.created_at, Group).where(_LISTED)
    if show == HIDDEN:
        query = query.where(Group.settings_before_hiding.is_not(None))
    if words:
        query = query.where(search.find(Group, search.parse_terms(words, "")).condition)
    listing = keyset_page(query, Group.created_at, Group.id, cursor, SIZE, latest_first=True)
    return listing._replace(items=[row.Group for row in listing.items])


def secret_count() -> int:
    """Return the number of secret groups."""
    secret = sa.select(sa.func.count(Group.id)).where(
        Group.deleted_at.is_(None),
        Group.visibility == SECRET,
        Group.settings_before_hiding.is_(None),
    )
    return db.session.scalar(secret) or 0


def events(user: Any, words: str, show: str, cursor: Cursor | None) -> KeysetPage:
    """Return the events that `user` can find anyway, and hidden ones, latest start first."""
    hidden = sa.and_(Event.hidden_at.is_not(None), Event.deleted_at.is_(None), Event.state != DRAFT)
    shown = hidden if show == HIDDEN else sa.or_(listed_for(user), hidden)
    query: Any = (
        sa.select(Event.starts_at, Event.id, Event)
        .join(Group, Group.id == Event.group_id, isouter=True)
        .where(shown)
    )
    if words:
        query = query.where(search.find(Event, search.parse_terms(words, "")).condition)
    listing = keyset_page(
        query, Event.starts_at, Event.id, cursor, SIZE, latest_first=True, among=sa.select(Event)
    )
    return listing._replace(items=[row.Event for row in listing.items])


def votes(cursor: Cursor | None) -> KeysetPage:
    """Return every vote by kind, times and group (if it is listed), without titles, newest
    first.
    """
    name = sa.case((_LISTED, Group.name)).label("group")
    times = (Vote.opens_at, Vote.closes_at, Vote.opened_at, Vote.cancelled_at)
    query = sa.select(Vote.id, Vote.created_at, Vote.kind, *times, Vote.entitled_count, name).join(
        Group, Group.id == Vote.group_id
    )
    query = query.where(Vote.deleted_at.is_(None))
    return keyset_page(query, Vote.created_at, Vote.id, cursor, SIZE, latest_first=True)


def names_of(ids: set[Any]) -> dict[Any, str]:
    """Return the names of those of these groups that are listed, by id; at most one statement."""
    if not ids:
        return {}
    found: Sequence[Any] = db.session.execute(
        sa.select(Group.id, Group.name).where(Group.id.in_(ids), _LISTED)
    ).all()
    return {row.id: row.name for row in found}
