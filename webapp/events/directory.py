"""Events found by words, group, topic, place and days, a page at a time; the last page costs
what the first does.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from ..core.db.keyset import Cursor, KeysetPage, first_page, keyset_page
from ..core.db.session import UtcDateTime, cached_statement
from ..core.text import search
from ..core.time import clock, time_zones
from ..groups.access import roles_of
from ..groups.models import Category, Group, group_category
from .access import listed_for, listed_to_reader
from .list_rows import row_of
from .models import LONGEST, PUBLISHED, Event
from .reads.listing import rows

PAST = "past"
TODAY, WEEKEND, WEEK, MONTH = SPANS = ("today", "weekend", "week", "month")
#: Until then a night belongs to the day before.
MORNING = time(6)
#: Clocks stand so far from UTC at most.
_CLOCKS = timedelta(days=1)


class Days(NamedTuple):
    """From one day to another, both included; None: open at that end."""

    first: date | None = None
    last: date | None = None

    @property
    def are_few(self) -> bool:
        """Whether they are no more than a month: little enough to be read through."""
        return (
            self.first is not None and self.last is not None and (self.last - self.first).days <= 31
        )

    def within(self, other: "Days") -> "Days":
        """The days that are in both."""
        first = max(filter(None, (self.first, other.first)), default=None)
        return Days(first, min(filter(None, (self.last, other.last)), default=None))

    def hold(self) -> sa.ColumnElement[bool]:
        """The condition on Event that a part of it falls on one of these days, where it takes
        place.

        What began the evening before and ends in the night belongs to that evening alone.
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
    """The rest of today, of this weekend (from Saturday on), of the week that ends on Sunday, of
    this month; or all days.
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
    """Between which moments an event must start, to be worth a look: one bound at each end, so
    that an index serves.
    """

    after: datetime | None
    before: datetime | None

    def hold(self) -> list[sa.ColumnElement[bool]]:
        """The conditions on Event."""
        after = [] if self.after is None else [Event.starts_at > self.after]
        return after if self.before is None else [*after, Event.starts_at < self.before]


def window_of(days: Days, now: datetime, past: bool) -> Window:
    """The starts of what is to come, or past, on those days: none lasts longer than LONGEST, by
    the clocks on the wall.
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
#: How many fit is counted so far: to count further would take longer than the list.
MOST = 100


@dataclass(frozen=True)
class EventSearch:
    """What a person looks for; everything empty is every coming event.

    `when` is PAST, one of `dates.SPANS`, or nothing.
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
        """Whether they look back."""
        return self.when == PAST

    @property
    def is_narrowed(self) -> bool:
        """Whether something was asked for, beside looking back."""
        return self != EventSearch(when=PAST if self.past else "")

    def days(self, user: Any) -> Days:
        """The days asked for, both ways together; today is what `user`'s clocks say."""
        today = time_zones.wall(clock.now(), getattr(user, "zone", None) or "UTC").date()
        return Days(self.first, self.last).within(span_of(self.when, today))

    def without(self, *names: str) -> "EventSearch":
        """The same, but for these."""
        return replace(self, **{name: getattr(EventSearch(), name) for name in names})

    @property
    def query(self) -> dict[str, Any]:
        """The same as an address says it."""
        days = {"from": self.first, "to": self.last}
        asked = {
            name: getattr(self, name) for name in ("words", "group", "category", "place", "when")
        }
        return {name: str(value) for name, value in {**asked, **days}.items() if value}


def listed(
    user: Any, wanted: EventSearch, place: Cursor | None = None, page: int = 1
) -> KeysetPage:
    """The events that `user` may find, from the place on, as rows, soonest first (past ones: latest
    first).

    What fits may lie far apart in that order: then no more than a part of the list is read, unless
    an index has picked it, and nobody counts how many there are. One statement, and one before it
    where there are words.
    """
    if place is None and user.id is not None and wanted == EventSearch():
        now = clock.now()
        after = window_of(Days(), now, past=False).after
        found = _coming(user, now, after=after, groups=list(roles_of(user)))
        return _numbered(first_page(found, Event.starts_at, Event.id, SIZE), 1)
    looking = _Looking(user, wanted)
    among = looking.in_time(sa.select(Event), place) if looking.is_sparse else None
    fitting = looking.in_time(rows().where(looking.fits), place)
    if not looking.is_sparse:
        order = Event.starts_at.desc() if wanted.past else Event.starts_at
        some = looking.in_time(_some().where(looking.fits))
        fitting = fitting.add_columns(_counted(some.order_by(order)))
    stretch = keyset_page(
        fitting, Event.starts_at, Event.id, place, SIZE, latest_first=wanted.past, among=among
    )
    return _numbered(stretch, page if place else 1)


def _numbered(stretch: KeysetPage, page: int) -> KeysetPage:
    """The stretch with lines for its rows, and with how many there are, where that was counted."""
    total = getattr(stretch.items[0], "total", None) if stretch.items else None
    numbered = stretch.numbered(
        page, min(total, MOST) if total else None, bool(total and total > MOST)
    )
    return numbered._replace(items=[row_of(event) for event in stretch.items])


@cached_statement
def _coming(reader: Any, now: Any) -> Any:
    """What most ask for: everything to come."""
    after = sa.bindparam("after", type_=UtcDateTime())
    fits = (
        listed_to_reader(reader),
        Event.state == PUBLISHED,
        Event.starts_at > after,
        Event.ends_at > now,
    )
    total = _counted(_some().where(*fits).order_by(Event.starts_at))
    chosen = rows().add_columns(total).where(*fits)
    return chosen.order_by(Event.starts_at, Event.id).limit(SIZE + 1)


def _some() -> sa.Select[Any]:
    some = sa.select(sa.literal(1)).select_from(Event)
    return some.join(Group, Group.id == Event.group_id, isouter=True)


def _counted(some: sa.Select[Any]) -> sa.Label[int]:
    """How many fit, up to one more than MOST: a part of the list's own statement, and in its
    order, lest PostgreSQL reads the table from its beginning, where what is long over lies.
    """
    first = some.limit(MOST + 1).correlate(None).subquery()
    return sa.select(sa.func.count()).select_from(first).scalar_subquery().label("total")


class _Looking:
    """One look into the list: who looks for what, as of now."""

    def __init__(self, user: Any, wanted: EventSearch) -> None:
        self.wanted = wanted
        self.now: datetime = clock.now()
        self.days = wanted.days(user)
        self.found = search.find(Event, search.parse_terms(wanted.words, wanted.place))
        is_picked = self.found.few and bool(wanted.words or wanted.place)
        scattered = wanted.words or wanted.place or wanted.category
        #: whether what fits may be few among very many that do not
        self.is_sparse = bool(scattered) and not (is_picked or wanted.group or self.days.are_few)
        #: the condition on Event (its Group outer-joined): the reader may find it, and it fits,
        #: whenever it is
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
            found.append(Event.state == PUBLISHED)
        return found

    def in_time(self, chosen: sa.Select[Any], place: Cursor | None = None) -> sa.Select[Any]:
        """Those to come, or past; of all there are an index alone says which.

        The place of a later page already bounds the start: said twice, SQLite would take the worse
        one.
        """
        window = window_of(self.days, self.now, self.wanted.past)
        if place is not None:
            further = "before" if self.wanted.past is not place.before else "after"
            window = window._replace(**{further: None})
        chosen = chosen.where(*window.hold())
        return chosen.where(
            Event.ends_at <= self.now if self.wanted.past else Event.ends_at > self.now
        )


def _about(slug: str) -> sa.ColumnElement[bool]:
    """The condition on Event for a topic: its own, or where it has none, one of its group's."""
    topic = sa.select(Category.id).where(Category.slug == slug)
    groups = sa.select(group_category.c.group_id).where(group_category.c.category_id.in_(topic))
    of_groups = sa.and_(Event.category_id.is_(None), Event.group_id.in_(groups))
    either = sa.or_(Event.category_id == topic.scalar_subquery(), of_groups)
    return sa.case(
        (either, sa.true()), else_=sa.false()
    )  # one that no index is tried for: the list is read in its order
