"""Which days someone looks at, and the events that fall on them by the clocks of their places,
as lists show them.
"""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

import sqlalchemy as sa

from .models import LONGEST, Event

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
