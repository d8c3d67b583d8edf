"""Queries for the inbox: pages of lines by day, with the lines of one scope together."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from ..accounts.models import User
from ..core import i18n
from ..core.db.session import constant
from ..core.extensions import db
from ..core.time import time_zones
from .models import Notification
from .notification_types import NOTIFICATION_TYPES, sentence

PAGE = 30
#: Unread lines are counted up to this: the header says “99+”.
MOST_COUNTED = 100

TODAY, YESTERDAY, WEEK, EARLIER = "today", "yesterday", "week", "earlier"


@dataclass
class InboxPage:
    """Lines, newest first; `older` is the id for the next page's `before`, None on the last
    page.
    """

    lines: Sequence[Any]
    older: uuid.UUID | None


class InboxLine(NamedTuple):
    """A line for its reader: `at` for machines, `when` in words.

    `is_over`: it's out of date. `is_gone`: what it's about can't be opened any more.
    """

    id: uuid.UUID
    kind: str
    about: str
    sentence: str
    at: str
    when: str
    is_new: bool
    is_over: bool = False
    is_gone: bool = False


@dataclass
class InboxSection:
    """The lines of a day or some days; those of one scope are a bundle, newest first."""

    name: str
    bundles: list[tuple[InboxLine, ...]]


def unread_count(owner: sa.ColumnElement[uuid.UUID]) -> sa.ScalarSelect[int]:
    """Return how many lines the person in that column hasn't read, at most MOST_COUNTED, as a
    subquery.
    """
    unread = sa.select(Notification.id).where(
        Notification.user_id == owner, Notification.read_at.is_(None)
    )
    some = unread.correlate(owner.table).limit(constant(MOST_COUNTED)).subquery()
    return sa.select(sa.func.count()).select_from(some).scalar_subquery()


def page_of(user: User, before: uuid.UUID | None = None, unread: bool = False) -> InboxPage:
    """Return the newest lines of the user's inbox, or those older than the line `before`."""
    given = {"reader": user.id} | ({} if before is None else {"before": before})
    lines = db.session.execute(_newest(unread, before is not None), given).all()
    return InboxPage(lines[:PAGE], lines[PAGE - 1].id if len(lines) > PAGE else None)


@cache
def _newest(unread: bool, has_before: bool) -> sa.Select[Any]:
    shown = ("id", "kind", "scope", "about", "label", "params", "created_at", "read_at")
    columns = [getattr(Notification, name) for name in shown]
    theirs = Notification.user_id == sa.bindparam("reader", type_=sa.Uuid)
    statement = sa.select(*columns).where(theirs)
    if unread:
        statement = statement.where(Notification.read_at.is_(None))
    if has_before:
        place = sa.select(Notification.created_at, Notification.id).where(
            Notification.id == sa.bindparam("before", type_=sa.Uuid), theirs
        )
        statement = statement.where(
            sa.tuple_(Notification.created_at, Notification.id) < place.scalar_subquery()
        )
    statement = statement.order_by(Notification.created_at.desc(), Notification.id.desc())
    return statement.limit(constant(PAGE + 1))


def by_day(
    lines: Iterable[Any], now: datetime, zone: str, over: Collection[uuid.UUID] = ()
) -> list[InboxSection]:
    """Group the lines into sections by days in `zone`, and into bundles by scope; `over`: the ids
    of those that are out of date.
    """
    today = time_zones.in_zone(now, zone).date()
    sections: dict[str, dict[Any, list[InboxLine]]] = {}
    for line in lines:
        name = _section(time_zones.in_zone(line.created_at, zone).date(), today)
        bundle = sections.setdefault(name, {}).setdefault(line.scope or line.id, [])
        bundle.append(_seen(line, zone, name in (TODAY, YESTERDAY), line.id in over))
    return [
        InboxSection(name, [tuple(bundle) for bundle in bundles.values()])
        for name, bundles in sections.items()
    ]


def _seen(line: Any, zone: str, by_clock: bool, is_over: bool) -> InboxLine:
    """Return the line for its reader. With `by_clock` its day is in the heading above it."""
    at, written = line.created_at, i18n.clock_time if by_clock else i18n.short_day
    when = (at.isoformat(timespec="seconds"), written(at, zone))
    kind = NOTIFICATION_TYPES.get(line.kind)
    gone = kind.gone if kind is not None and is_over else None
    return InboxLine(
        line.id,
        line.kind,
        line.about,
        str(gone or sentence(line)),
        *when,
        is_new=line.read_at is None,
        is_over=is_over,
        is_gone=gone is not None,
    )


def _section(day: date, today: date) -> str:
    if day >= today:
        return TODAY
    if day == today - timedelta(days=1):
        return YESTERDAY
    return WEEK if day > today - timedelta(days=7) else EARLIER
