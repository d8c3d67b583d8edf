"""Events in lists: found by words, group, category, place and day, upcoming or past, a page at a time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from ...core import clock, language, search
from ...core.database import built_once
from ...core.extensions import db
from ...core.stretches import Place, Stretch, stretch_of
from ...groups.models import Category, Group, group_category
from ..models import DRAFT, PUBLISHED, Event, EventHost, Rsvp, path_of, to_come
from ..rows import EventRow, row_of
from ..shown import listed_for, owned_by

SIZE = 20
_Listed = sa.orm.aliased(Group)


class NextEvent(NamedTuple):
    """An event as a group's card names it; `starts` is the wall time of the place, `day` the same in words."""

    url: str
    title: str
    starts: datetime
    day: str


@dataclass(frozen=True)
class Search:
    """What a person looks for; everything empty is every coming event."""

    words: str = ""
    group: str = ""
    category: str = ""
    place: str = ""
    day: date | None = None
    past: bool = False


def listed(user: Any, wanted: Search, place: Place | None = None) -> Stretch:
    """The events that `user` may find, from the place on, as rows, soonest first (past ones: latest first).

    What fits may lie far apart in that order: then no more than a part of the list is read, unless an index has picked it.
    """
    in_time = _in_time(wanted, place)
    found = search.find(Event, search.asked(wanted.words, wanted.place))
    is_sparse = bool(wanted.words or wanted.place or wanted.category) and not (found.few or wanted.group or wanted.day)
    among = sa.select(Event).where(in_time) if is_sparse else None
    fitting = _fitting(user, wanted).where(in_time, found.condition)
    stretch = stretch_of(fitting, Event.starts_at, Event.id, place, SIZE, latest_first=wanted.past, among=among)
    return stretch._replace(items=[row_of(event) for event in stretch.items])


def drafts_of(user: Any) -> list[EventRow]:
    """The drafts that `user` hosts, latest first."""
    return [row_of(event) for event in _drafts(user)]


@built_once
def _drafts(user: Any, now: Any) -> Any:
    hosted = sa.select(EventHost.event_id).where(EventHost.user_id == user.id)
    theirs = sa.union(sa.select(Event.id).where(owned_by(user), Event.state == DRAFT), hosted)
    living = (Event.deleted_at.is_(None), Group.deleted_at.is_(None))
    chosen = _rows().where(Event.state == DRAFT, *living, Event.id.in_(theirs))
    return chosen.order_by(Event.created_at.desc()).limit(SIZE)


def upcoming_of(group: Group, user: Any, limit: int = 5) -> list[EventRow]:
    """The group's next events that `user` may find, soonest first, with their own answer where they gave one."""
    mine = sa.and_(Rsvp.event_id == Event.id, Rsvp.user_id == user.id) if user.id is not None else sa.false()
    chosen = _rows().add_columns(Rsvp.state.label("answer")).outerjoin(Rsvp, mine)
    chosen = chosen.where(Event.group_id == group.id, to_come(clock.now()), listed_for(user))
    soonest = chosen.order_by(Event.starts_at, Event.id).limit(limit)
    return [row_of(event, answer=event.answer, names_group=False) for event in db.session.execute(soonest)]


def next_of(groups: Iterable[UUID], user: Any) -> dict[UUID, NextEvent]:
    """The event that comes next in each of these groups, by the group's id, of those that `user` may find."""
    coming = sa.select(Event.id).outerjoin(Group, Group.id == Event.group_id).where(Event.group_id == _Listed.id)
    coming = coming.where(to_come(clock.now()), listed_for(user), Event.state == PUBLISHED).correlate(_Listed)
    soonest = coming.order_by(Event.starts_at, Event.id).limit(1).scalar_subquery()
    of_each = sa.select(_Listed.id.label("group_id"), soonest.label("event_id")).where(_Listed.id.in_(list(groups))).subquery()
    columns = (of_each.c.group_id, Event.slug, Event.title, Event.starts_wall, Event.starts_at, Event.zone)
    rows = db.session.execute(sa.select(*columns).join(of_each, of_each.c.event_id == Event.id))
    return {
        row.group_id: NextEvent(path_of(row.slug), row.title, row.starts_wall, language.short_day(row.starts_at, row.zone))
        for row in rows
    }


def _rows() -> sa.Select[Any]:
    """The columns that a line is made from."""
    what = (Event.id, Event.slug, Event.title, Event.starts_at, Event.starts_wall, Event.zone, Event.place)
    ends = (Event.ends_at, Event.is_all_day)
    state = (Event.state, Event.capacity, Event.seats_taken, Event.waiting_count, (Event.online_url != "").label("is_online"))
    columns: list[Any] = [*what, *ends, *state, Group.name.label("group_name")]
    return sa.select(*columns).join(Group, Group.id == Event.group_id, isouter=True)


def _fitting(user: Any, wanted: Search) -> sa.Select[Any]:
    chosen = _rows().where(listed_for(user))
    if wanted.group:
        chosen = chosen.where(Group.slug == wanted.group)
    if wanted.category:
        chosen = chosen.where(_in_category(wanted.category))
    if wanted.day:
        start, end = _bounds(wanted.day, getattr(user, "zone", None) or "UTC")
        chosen = chosen.where(Event.starts_at < end, Event.ends_at > start)
    return chosen


def _in_time(wanted: Search, place: Place | None) -> sa.ColumnElement[bool]:
    """To come, or past. The place of a later page already bounds the start: said twice, SQLite would take the worse one."""
    now, goes_on = clock.now(), place is not None and not place.before
    if wanted.past:
        return Event.ends_at <= now if goes_on else sa.and_(Event.starts_at <= now, Event.ends_at <= now)
    return sa.and_(Event.ends_at > now if goes_on else to_come(now), Event.state == PUBLISHED)


def _in_category(slug: str) -> sa.ColumnElement[bool]:
    of_category = sa.select(group_category.c.group_id).join(Category, Category.id == group_category.c.category_id)
    return Event.group_id.in_(of_category.where(Category.slug == slug))


def _bounds(day: date, zone: str) -> tuple[datetime, datetime]:
    """The day's first moment and the next day's, by the clocks of the reader."""
    return tuple(datetime.combine(d, time(), ZoneInfo(zone)) for d in (day, day + timedelta(days=1)))  # type: ignore[return-value]
