"""How an event filled day by day, and the chart of it.

The event holds the current counters. The first change of a later day stores them as the row of the
last day, so most answers cost no further statement.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from flask_babel import gettext as _, ngettext

from ..core.extensions import db
from ..core.i18n import short_date
from ..core.time import clock
from ..core.ui import charts
from ..core.ui.charts import days_back
from ..events.models import Event, EventDay, WaitlistOwner

#: A young event is drawn day by day, an older one week by week, for a year.
YOUNG = timedelta(days=60)
YEAR = timedelta(days=371)


class DayCount(NamedTuple):
    """Seats taken and parties waiting at the end of a day."""

    day: date
    seats: int
    waiting: int


def record_day(event: WaitlistOwner) -> None:
    """Store the event's counters as the row of the day they belong to, if that day has passed.

    Call it before the counters change. Sessions have no such rows.
    """
    today = clock.now().date()
    if not isinstance(event, Event) or event.counted_on == today:
        return
    if event.counted_on is not None:
        row = EventDay(
            event_id=event.id,
            day=event.counted_on,
            seats=event.seats_taken,
            waiting=event.waiting_count,
        )
        db.session.merge(row)
    event.counted_on = today


def daily_counts(event: Event, now: datetime) -> list[DayCount]:
    """Return the days of the last year on which something changed, oldest first, and the current
    state.

    One statement.
    """
    begins = min(now, event.ends_at).date() - YEAR
    before = (
        sa.select(sa.func.max(EventDay.day))
        .where(EventDay.event_id == event.id, EventDay.day <= begins)
        .scalar_subquery()
    )
    rows = sa.select(EventDay).where(
        EventDay.event_id == event.id, EventDay.day >= sa.func.coalesce(before, begins)
    )
    found = [
        DayCount(row.day, row.seats, row.waiting)
        for row in db.session.scalars(rows.order_by(EventDay.day))
    ]
    if event.counted_on is not None:
        found = [point for point in found if point.day != event.counted_on]
        found.append(DayCount(event.counted_on, event.seats_taken, event.waiting_count))
    return found


def chart_points(event: Event, changed: Sequence[DayCount], now: datetime) -> list[DayCount]:
    """Return the points to draw, from publication to today or the day the event ended."""
    today = min(now, event.ends_at).date()
    first = min(
        [(event.published_at or event.created_at).date(), *(point.day for point in changed[:1])]
    )
    is_young = today - first < YOUNG
    shown = days_back(first, today, 61 if is_young else 53, timedelta(days=1 if is_young else 7))
    return list(_carried(shown, changed))


def _carried(shown: Sequence[date], changed: Sequence[DayCount]) -> Iterable[DayCount]:
    """Fill in each day with the values of the last change before it."""
    left, seats, waiting = deque(changed), 0, 0
    for day in shown:
        while left and left[0].day <= day:
            _day, seats, waiting = left.popleft()
        yield DayCount(day, seats, waiting)


class AttendanceChart(NamedTuple):
    """The chart, and `rows` for the table: the days with changes, latest first."""

    chart: charts.Chart
    rows: list[DayCount]


def draw(event: Event, now: datetime) -> AttendanceChart | None:
    """Draw the event's last year; None before the first answer.

    One statement, however many people answered.
    """
    changed = daily_counts(event, now)
    if not changed:
        return None
    points = chart_points(event, changed, now)
    series = [(_("Seats taken"), [point.seats for point in points])]
    if any(point.waiting for point in points):
        series.append((_("On the waiting list"), [point.waiting for point in points]))
    limit = (
        (event.capacity, ngettext("%(num)s seat", "%(num)s seats", event.capacity))
        if event.capacity
        else None
    )
    chart = charts.draw_chart(_finding(points), [point.day for point in points], series, limit)
    return AttendanceChart(chart, changed[::-1])


def _finding(points: Sequence[DayCount]) -> str:
    first, last = points[0], points[-1]
    most = max(points, key=lambda point: point.seats)
    found = ngettext("1 seat is taken.", "%(num)d seats are taken.", last.seats)
    if len(points) > 1 and first.seats:
        found += " " + ngettext(
            "On %(day)s it was 1.",
            "On %(day)s it was %(num)d.",
            first.seats,
            day=short_date(first.day),
        )
    if most.seats > last.seats:
        day = short_date(most.day)
        found += " " + ngettext(
            "The most was 1, on %(day)s.",
            "The most was %(num)d, on %(day)s.",
            most.seats,
            day=day,
        )
    if last.waiting:
        found += " " + ngettext(
            "1 on the waiting list.", "%(num)d on the waiting list.", last.waiting
        )
    return found
