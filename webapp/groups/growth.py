"""How many belonged to a group, as a picture: the chart, the table beside it, and the finding in
a sentence.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from flask_babel import gettext as _
from flask_babel import ngettext

from ..core import charts
from ..core.language import short_date
from . import days
from .days import Point
from .models import Group

#: A young group is drawn day by day, an older one week by week, for a year.
YOUNG = timedelta(days=60)


class Picture(NamedTuple):
    """The chart, and `rows` for the table: the points at which somebody came or went, the latest
    first.
    """

    chart: charts.Chart
    rows: list[Point]


def picture(group: Group, now: datetime) -> Picture:
    """The group's last year. One statement, however many came and went."""
    is_young = now - group.created_at < YOUNG
    points = days.points(group, now, 61 if is_young else 53, timedelta(days=1 if is_young else 7))
    series = [(_("Members"), [point.members for point in points])]
    chart = charts.drawn(_finding(points), [point.day for point in points], series)
    return Picture(chart, [point for point in reversed(points) if point.came or point.went])


def _finding(points: Sequence[Point]) -> str:
    first, last = points[0], points[-1]
    came, went = sum(point.came for point in points[1:]), sum(point.went for point in points[1:])
    now = ngettext("One member today", "%(num)d members today", last.members)
    if len(points) < 2:
        return now + "."
    since = _(
        "%(now)s, %(then)s on %(day)s.", now=now, then=first.members, day=short_date(first.day)
    )
    moved = _("%(came)s came and %(went)s left in between.", came=came, went=went)
    return f"{since} {moved}"
