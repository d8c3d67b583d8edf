"""Events in lists: found by words, group, category, place and day, upcoming or past, a page at a time."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from ...core import clock
from ...core.database import built_once
from ...core.extensions import db
from ...core.stretches import Place, Stretch, stretch_of
from ...core.text import containing, folded
from ...groups.models import Category, Group, group_category
from ..access import listed_for, owned_by
from ..models import DRAFT, PUBLISHED, Event, EventHost, Rsvp, to_come
from ..rows import EventRow, row_of

SIZE = 20


@dataclass(frozen=True)
class Search:
    """What a person looks for; everything empty is every coming event."""

    words: str = ""
    group: str = ""
    category: str = ""
    place: str = ""
    day: date | None = None
    past: bool = False

    @property
    def is_sparse(self) -> bool:
        """Whether what fits may lie far apart in the order of the list."""
        return bool(self.words or self.place or self.category) and not (self.group or self.day)


def listed(user: Any, search: Search, place: Place | None = None) -> Stretch:
    """The events that `user` may find, from the place on, as rows, soonest first (past ones: latest first)."""
    in_time = _in_time(search, place)
    among = sa.select(Event).where(in_time) if search.is_sparse else None
    found = stretch_of(
        _fitting(user, search).where(in_time), Event.starts_at, Event.id, place, SIZE, latest_first=search.past, among=among
    )
    return found._replace(items=[row_of(event) for event in found.items])


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


def _rows() -> sa.Select[Any]:
    """The columns that a line is made from."""
    what = (Event.id, Event.slug, Event.title, Event.starts_at, Event.starts_wall, Event.zone, Event.place)
    state = (Event.state, Event.capacity, Event.seats_taken, Event.waiting_count, (Event.online_url != "").label("is_online"))
    columns: list[Any] = [*what, *state, Group.name.label("group_name")]
    return sa.select(*columns).join(Group, Group.id == Event.group_id, isouter=True)


def _fitting(user: Any, search: Search) -> sa.Select[Any]:
    chosen = _rows().where(listed_for(user))
    for word in folded(search.words).split():
        chosen = chosen.where(Event.search_text.like(containing(word), escape="\\"))
    if search.place:
        chosen = chosen.where(sa.func.lower(Event.place).like(containing(search.place.lower()), escape="\\"))
    if search.group:
        chosen = chosen.where(Group.slug == search.group)
    if search.category:
        chosen = chosen.where(_in_category(search.category))
    if search.day:
        start, end = _bounds(search.day, getattr(user, "zone", None) or "UTC")
        chosen = chosen.where(Event.starts_at < end, Event.ends_at > start)
    return chosen


def _in_time(search: Search, place: Place | None) -> sa.ColumnElement[bool]:
    """To come, or past. The place of a later page already bounds the start: said twice, SQLite would take the worse one."""
    now, goes_on = clock.now(), place is not None and not place.before
    if search.past:
        return Event.ends_at <= now if goes_on else sa.and_(Event.starts_at <= now, Event.ends_at <= now)
    return sa.and_(Event.ends_at > now if goes_on else to_come(now), Event.state == PUBLISHED)


def _in_category(slug: str) -> sa.ColumnElement[bool]:
    of_category = sa.select(group_category.c.group_id).join(Category, Category.id == group_category.c.category_id)
    return Event.group_id.in_(of_category.where(Category.slug == slug))


def _bounds(day: date, zone: str) -> tuple[datetime, datetime]:
    """The day's first moment and the next day's, by the clocks of the reader."""
    return tuple(datetime.combine(d, time(), ZoneInfo(zone)) for d in (day, day + timedelta(days=1)))  # type: ignore[return-value]
