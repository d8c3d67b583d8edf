"""How an event filled, as a picture: the chart, the table beside it, and the finding in a
sentence.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from flask_babel import gettext as _
from flask_babel import ngettext

from ..core import charts
from ..core.language import short_date
from . import days
from .days import Point
from .models import Event


class Picture(NamedTuple):
    """The chart, and `rows` for the table: the days on which something changed, the latest
    first.
    """

    chart: charts.Chart
    rows: list[Point]


def picture(event: Event, now: datetime) -> Picture | None:
    """The event's last year; nothing before the first answer.

    One statement, however many answered.
    """
    changed = days.changes(event, now)
    if not changed:
        return None
    points = days.points(event, changed, now)
    series = [(_("Seats taken"), [point.seats for point in points])]
    if any(point.waiting for point in points):
        series.append((_("Parties waiting"), [point.waiting for point in points]))
    limit = (
        (event.capacity, ngettext("%(num)s seat", "%(num)s seats", event.capacity))
        if event.capacity
        else None
    )
    chart = charts.drawn(_finding(points), [point.day for point in points], series, limit)
    return Picture(chart, changed[::-1])


def _finding(points: Sequence[Point]) -> str:
    first, last = points[0], points[-1]
    most = max(points, key=lambda point: point.seats)
    found = ngettext("One seat is taken.", "%(num)d seats are taken.", last.seats)
    if len(points) > 1 and first.seats:
        found += " " + ngettext(
            "On %(day)s it was one.",
            "On %(day)s it was %(num)d.",
            first.seats,
            day=short_date(first.day),
        )
    if most.seats > last.seats:
        day = short_date(most.day)
        found += " " + ngettext(
            "The most was one, on %(day)s.",
            "The most were %(num)d, on %(day)s.",
            most.seats,
            day=day,
        )
    if last.waiting:
        found += " " + ngettext("One party waits.", "%(num)d parties wait.", last.waiting)
    return found
