"""Events in lists: found by words, group, category, place and day, upcoming or past, a page at a time."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from ...core import clock
from ...core.extensions import db
from ...core.pages import Page
from ...core.text import containing, folded
from ...groups.models import Category, Group, group_category
from ..access import listed_for, owned_by
from ..models import CANCELLED, DRAFT, Event, EventHost, Rsvp
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


def listed(user: Any, search: Search, number: int = 1) -> Page:
    """The page `number` of the events that `user` may find, as rows, soonest first (past ones: latest first)."""
    fitting = _fitting(user, search)
    total = db.session.scalar(sa.select(sa.func.count()).select_from(fitting.subquery())) or 0
    order = (Event.starts_at.desc(), Event.id.desc()) if search.past else (Event.starts_at, Event.id)
    wanted = fitting.order_by(*order).limit(SIZE).offset((number - 1) * SIZE)
    return Page([row_of(event) for event in db.session.execute(wanted)], total, number, SIZE)


def drafts_of(user: Any) -> list[EventRow]:
    """The drafts that `user` hosts, latest first."""
    hosted = sa.select(EventHost.event_id).where(EventHost.user_id == user.id)
    living = (Event.deleted_at.is_(None), Group.deleted_at.is_(None))
    chosen = _rows().where(Event.state == DRAFT, *living, sa.or_(owned_by(user), Event.id.in_(hosted)))
    latest = chosen.order_by(Event.created_at.desc()).limit(SIZE)
    return [row_of(event) for event in db.session.execute(latest)]


def upcoming_of(group: Group, user: Any, limit: int = 5) -> list[EventRow]:
    """The group's next events that `user` may find, soonest first, with their own answer where they gave one."""
    mine = sa.and_(Rsvp.event_id == Event.id, Rsvp.user_id == user.id) if user.id is not None else sa.false()
    chosen = _rows().add_columns(Rsvp.state.label("answer")).outerjoin(Rsvp, mine)
    chosen = chosen.where(Event.group_id == group.id, Event.ends_at > clock.now(), listed_for(user))
    soonest = chosen.order_by(Event.starts_at, Event.id).limit(limit)
    return [row_of(event, answer=event.answer, names_group=False) for event in db.session.execute(soonest)]


def _rows() -> sa.Select[Any]:
    """The columns that a line is made from."""
    what = (Event.id, Event.slug, Event.title, Event.starts_at, Event.starts_wall, Event.zone, Event.place)
    state = (Event.state, Event.capacity, Event.seats_taken, Event.waiting_count, (Event.online_url != "").label("is_online"))
    columns: list[Any] = [*what, *state, Group.name.label("group_name")]
    return sa.select(*columns).join(Group, Group.id == Event.group_id, isouter=True)


def _fitting(user: Any, search: Search) -> sa.Select[Any]:
    now = clock.now()
    chosen = _rows().where(listed_for(user))
    in_time = Event.ends_at <= now if search.past else sa.and_(Event.ends_at > now, Event.state != CANCELLED)
    chosen = chosen.where(in_time)
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


def _in_category(slug: str) -> sa.ColumnElement[bool]:
    of_category = sa.select(group_category.c.group_id).join(Category, Category.id == group_category.c.category_id)
    return Event.group_id.in_(of_category.where(Category.slug == slug))


def _bounds(day: date, zone: str) -> tuple[datetime, datetime]:
    """The day's first moment and the next day's, by the clocks of the reader."""
    return tuple(datetime.combine(d, time(), ZoneInfo(zone)) for d in (day, day + timedelta(days=1)))  # type: ignore[return-value]
