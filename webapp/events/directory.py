"""Search events by words, group, topic, place and days; the last page costs what the first does."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from ..core.db.base import UtcDateTime
from ..core.db.keyset import Cursor, KeysetPage, first_page, keyset_page
from ..core.db.session import cached_statement, constant
from ..core.text import search
from ..core.time import clock, time_zones
from ..groups.access import roles_of
from ..groups.models import Category, Group, group_category
from .access import listed_for, listed_to_reader
from .list_rows import row_of, varied
from .models import LONGEST, PUBLISHED, Event
from .reads.listing import rows

PAST = "past"
TODAY, WEEKEND, WEEK, MONTH = SPANS = ("today", "weekend", "week", "month")
#: A night belongs to the day before, until this time.
MORNING = time(6)
#: The largest offset from UTC.
_CLOCKS = timedelta(days=1)


class Days(NamedTuple):
    """A range of days, both included; None: open at that end."""

    first: date | None = None
    last: date | None = None

    @property
    def are_few(self) -> bool:
        """Whether the range is at most a month, so that all its events can be read."""
        return (
            self.first is not None and self.last is not None and (self.last - self.first).days <= 31
        )

    def within(self, other: "Days") -> "Days":
        """Return the days that are in both ranges."""
        first = max(filter(None, (self.first, other.first)), default=None)
        return Days(first, min(filter(None, (self.last, other.last)), default=None))

    def hold(self) -> sa.ColumnElement[bool]:
        """Return the condition on Event that it takes place on one of these days, in its own zone.

        An event that ends at night belongs only to the evening on which it began.
        """
        days = (
            []
            if self.last is None
            else [Event.starts_wall < datetime.combine(self.last + timedelta(days=1), time())]
        )
        if self.first is not None:
            midnight, morning = (
                datetime.combine(self.first, time()),
                datetime.combine(self.first, MORNING),
            )
            days.append(sa.or_(Event.starts_wall >= midnight, Event.ends_wall > morning))
        return sa.and_(sa.true(), *days)


def span_of(name: str, today: date) -> Days:
    """Return the rest of today, of this weekend, of the week until Sunday, or of this month; else
    all days.
    """
    sunday = today + timedelta(days=6 - today.weekday())
    if name == TODAY:
        return Days(today, today)
    if name == WEEKEND:
        return Days(max(today, sunday - timedelta(days=1)), sunday)
    if name == WEEK:
        return Days(today, sunday)
    if name == MONTH:
        return Days(
            today, (today.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        )
    return Days()


class Window(NamedTuple):
    """Bounds for an event's start: one at each end, so that an index can be used."""

    after: datetime | None
    before: datetime | None

    def hold(self) -> list[sa.ColumnElement[bool]]:
        """Return the conditions on Event."""
        after = [] if self.after is None else [Event.starts_at > self.after]
        return after if self.before is None else [*after, Event.starts_at < self.before]


def window_of(days: Days, now: datetime, past: bool) -> Window:
    """Return the window of starts for events to come, or past, on those days.

    No event lasts longer than LONGEST, in local time.
    """
    after = [] if past else [now - LONGEST - _CLOCKS]
    before = [now] if past else []
    if days.first is not None:
        after.append(_midnight(days.first, now) - LONGEST - 2 * _CLOCKS)
    if days.last is not None:
        before.append(_midnight(days.last, now) + 2 * _CLOCKS)
    return Window(max(after, default=None), min(before, default=None))


def _midnight(day: date, now: datetime) -> datetime:
    return datetime.combine(day, time(), now.tzinfo)


SIZE = 20
#: Matches are counted up to this: counting further would take longer than the list.
MOST = 100


@dataclass(frozen=True)
class EventSearch:
    """A search; empty means all upcoming events.

    `when` is PAST, one of `SPANS`, or empty.
    """

    words: str = ""
    group: str = ""
    category: str = ""
    place: str = ""
    when: str = ""
    first: date | None = None
    last: date | None = None

    @property
    def past(self) -> bool:
        """Whether the search is for past events."""
        return self.when == PAST

    @property
    def is_narrowed(self) -> bool:
        """Whether there are criteria besides looking at past events."""
        return self != EventSearch(when=PAST if self.past else "")

    def days(self, user: Any) -> Days:
        """Return the days searched, from both criteria; today is that of the user's zone."""
        today = time_zones.wall(clock.now(), getattr(user, "zone", None) or "UTC").date()
        return Days(self.first, self.last).within(span_of(self.when, today))

    def without(self, *names: str) -> "EventSearch":
        """Return the search without these criteria."""
        return replace(self, **{name: getattr(EventSearch(), name) for name in names})

    @property
    def query(self) -> dict[str, Any]:
        """The search as a query string."""
        days = {"from": self.first, "to": self.last}
        asked = {
            name: getattr(self, name) for name in ("words", "group", "category", "place", "when")
        }
        return {name: str(value) for name, value in {**asked, **days}.items() if value}


def listed(
    user: Any, wanted: EventSearch, cursor: Cursor | None = None, page: int = 1
) -> KeysetPage:
    """Return a page of the events that `user` may find, as rows: soonest first, past ones latest
    first.

    Matches may be rare. Then only a part of the list is searched, unless an index selects them, and
    they aren't counted. One statement, with words two.
    """
    if cursor is None and user.id is not None and wanted == EventSearch():
        now = clock.now()
        after = window_of(Days(), now, past=False).after
        found = _coming(user, now, after=after, groups=list(roles_of(user)))
        return _numbered(first_page(found, Event.starts_at, Event.id, SIZE), 1)
    looking = _Looking(user, wanted)
    among = looking.in_time(sa.select(Event), cursor) if looking.is_sparse else None
    fitting = looking.in_time(rows().where(looking.fits), cursor)
    if not looking.is_sparse:
        order = Event.starts_at.desc() if wanted.past else Event.starts_at
        some = looking.in_time(_some().where(looking.fits))
        fitting = fitting.add_columns(_counted(some.order_by(order)))
    listing = keyset_page(
        fitting, Event.starts_at, Event.id, cursor, SIZE, latest_first=wanted.past, among=among
    )
    return _numbered(listing, page if cursor else 1)


def _numbered(listing: KeysetPage, page: int) -> KeysetPage:
    """Convert the page's events to rows, and add the total if it was counted."""
    total = getattr(listing.items[0], "total", None) if listing.items else None
    numbered = listing.numbered(
        page, min(total, MOST) if total else None, bool(total and total > MOST)
    )
    return numbered._replace(items=varied([row_of(event) for event in listing.items]))


@cached_statement
def _coming(reader: Any, now: Any) -> Any:
    """The usual query: everything to come."""
    after = sa.bindparam("after", type_=UtcDateTime())
    fits = (
        listed_to_reader(reader),
        Event.state == constant(PUBLISHED),
        Event.starts_at > after,
        Event.ends_at > now,
    )
    total = _counted(_some().where(*fits).order_by(Event.starts_at))
    chosen = rows().add_columns(total).where(*fits)
    return chosen.order_by(Event.starts_at, Event.id).limit(constant(SIZE + 1))


def _some() -> sa.Select[Any]:
    some = sa.select(sa.literal(1)).select_from(Event)
    return some.join(Group, Group.id == Event.group_id, isouter=True)


def _counted(some: sa.Select[Any]) -> sa.Label[int]:
    """Count the matches, up to MOST + 1, as a column of the list's own statement.

    In its order, so that PostgreSQL doesn't scan the table from the start, where old events are.
    """
    first = some.limit(constant(MOST + 1)).correlate(None).subquery()
    return sa.select(sa.func.count()).select_from(first).scalar_subquery().label("total")


class _Looking:
    """One search: who searches for what, as of now."""

    def __init__(self, user: Any, wanted: EventSearch) -> None:
        self.wanted = wanted
        self.now: datetime = clock.now()
        self.days = wanted.days(user)
        self.found = search.find(Event, search.parse_terms(wanted.words, wanted.place))
        is_picked = self.found.few and bool(wanted.words or wanted.place)
        scattered = wanted.words or wanted.place or wanted.category
        #: Whether matches may be few among very many events.
        self.is_sparse = bool(scattered) and not (is_picked or wanted.group or self.days.are_few)
        #: The condition on Event (with Group outer-joined): the reader may find it, and it matches,
        #: at any time.
        self.fits = sa.and_(listed_for(user), *self._conditions())

    def _conditions(self) -> list[sa.ColumnElement[bool]]:
        found = [self.found.condition, self.days.hold()]
        if self.wanted.group:
            found.append(
                Event.group_id
                == sa.select(Group.id).where(Group.slug == self.wanted.group).scalar_subquery()
            )
        if self.wanted.category:
            found.append(_about(self.wanted.category))
        if not self.wanted.past:
            found.append(Event.state == constant(PUBLISHED))
        return found

    def in_time(self, chosen: sa.Select[Any], cursor: Cursor | None = None) -> sa.Select[Any]:
        """Restrict to events to come, or past, in a way that an index alone can answer.

        The cursor of a later page already bounds the start: with two bounds, SQLite would use the
        worse one.
        """
        window = window_of(self.days, self.now, self.wanted.past)
        if cursor is not None:
            further = "before" if self.wanted.past is not cursor.before else "after"
            window = window._replace(**{further: None})
        chosen = chosen.where(*window.hold())
        return chosen.where(
            Event.ends_at <= self.now if self.wanted.past else Event.ends_at > self.now
        )


def _about(slug: str) -> sa.ColumnElement[bool]:
    """The condition on Event for a topic: its own, or if it has none, one of its group's."""
    topic = sa.select(Category.id).where(Category.slug == slug)
    groups = sa.select(group_category.c.group_id).where(group_category.c.category_id.in_(topic))
    of_groups = sa.and_(Event.category_id.is_(None), Event.group_id.in_(groups))
    either = sa.or_(Event.category_id == topic.scalar_subquery(), of_groups)
    return sa.case(
        (either, sa.true()), else_=sa.false()
    )  # no index matches it, so the list is read in its order
