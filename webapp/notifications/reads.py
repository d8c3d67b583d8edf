"""What the inbox shows: pages of lines, by day, with the lines of one scope together."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from ..accounts.models import User
from ..core.extensions import db
from ..core.time import time_zones
from .models import Notification

PAGE = 30
#: More unread lines than this are not counted: the header says “99+”.
MOST_COUNTED = 100

TODAY, YESTERDAY, WEEK, EARLIER = "today", "yesterday", "week", "earlier"


@dataclass
class InboxPage:
    """Lines, newest first; `older` is the id to go on `before`, None on the last page."""

    lines: Sequence[Any]
    older: uuid.UUID | None


@dataclass
class InboxBundle:
    """The lines of one scope within a section: the newest, and those `under` it."""

    line: Any
    under: list[Any] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        """Whether one of them is unread."""
        return any(line.read_at is None for line in [self.line, *self.under])


@dataclass
class InboxSection:
    """The lines of a day or of some days."""

    name: str
    bundles: list[InboxBundle]


def unread_count(owner: sa.ColumnElement[uuid.UUID]) -> sa.ScalarSelect[int]:
    """How many lines the person in that column has not read, at most MOST_COUNTED: a part of
    another statement.
    """
    unread = sa.select(Notification.id).where(
        Notification.user_id == owner, Notification.read_at.is_(None)
    )
    some = unread.correlate(owner.table).limit(MOST_COUNTED).subquery()
    return sa.select(sa.func.count()).select_from(some).scalar_subquery()


def page_of(user: User, before: uuid.UUID | None = None, unread: bool = False) -> InboxPage:
    """The newest lines of `user`'s inbox, or those older than the line `before`; only unread
    ones if so wished.
    """
    shown = ("id", "kind", "scope", "about", "label", "params", "created_at", "read_at")
    columns = [getattr(Notification, name) for name in shown]
    statement = sa.select(*columns).where(Notification.user_id == user.id)
    if unread:
        statement = statement.where(Notification.read_at.is_(None))
    if before is not None:
        place = sa.select(Notification.created_at, Notification.id).where(
            Notification.id == before, Notification.user_id == user.id
        )
        statement = statement.where(
            sa.tuple_(Notification.created_at, Notification.id) < place.scalar_subquery()
        )
    statement = statement.order_by(Notification.created_at.desc(), Notification.id.desc())
    lines = db.session.execute(statement.limit(PAGE + 1)).all()
    return InboxPage(lines[:PAGE], lines[PAGE - 1].id if len(lines) > PAGE else None)


def by_day(lines: Iterable[Any], now: datetime, zone: str) -> list[InboxSection]:
    """The lines in sections, as days are counted in `zone`; within a section those of one scope
    make one bundle.
    """
    today = time_zones.in_zone(now, zone).date()
    sections: dict[str, dict[Any, InboxBundle]] = {}
    for line in lines:
        bundles = sections.setdefault(
            _section(time_zones.in_zone(line.created_at, zone).date(), today), {}
        )
        key = line.scope or line.id
        if key in bundles:
            bundles[key].under.append(line)
        else:
            bundles[key] = InboxBundle(line)
    return [InboxSection(name, list(bundles.values())) for name, bundles in sections.items()]


def _section(day: date, today: date) -> str:
    if day >= today:
        return TODAY
    if day == today - timedelta(days=1):
        return YESTERDAY
    return WEEK if day > today - timedelta(days=7) else EARLIER
