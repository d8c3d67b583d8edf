"""A group's number of members day by day, and the chart of it.

Counts are stored when people join and leave, under the group's lock.
"""

from collections import deque
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from flask_babel import gettext as _, ngettext

from ..core.extensions import db
from ..core.i18n import short_date
from ..core.time import clock
from ..core.ui import charts
from ..core.ui.charts import days_back
from .models import Group, GroupDay


class MemberCount(NamedTuple):
    """Members at the end of a day, and how many joined and left since the previous point."""

    day: date
    members: int
    joined: int
    departed: int


def note(group: Group, joined: int = 0, departed: int = 0) -> None:
    """Record joins and departures on today's row. The caller has locked the group."""
    today = clock.now().date()
    row = db.session.get(GroupDay, (group.id, today))
    if row is None:
        row = GroupDay(group_id=group.id, day=today, joined=0, departed=0)
        db.session.add(row)
    row.joined, row.departed, row.members = (
        row.joined + joined,
        row.departed + departed,
        group.member_count,
    )
    db.session.flush()


def daily_counts(
    group: Group, now: datetime, count: int = 53, step: timedelta = timedelta(days=7)
) -> list[MemberCount]:
    """Return the last `count` points up to today, `step` apart, since the group's creation.

    One statement.
    """
    shown = days_back(group.created_at.date(), now.date(), count, step)
    return _drawn(shown, list(db.session.scalars(_since(group, shown[0]))))


def _since(group: Group, begins: date) -> sa.Select[GroupDay]:
    """The rows from that day on, and the last one before."""
    before = (
        sa.select(sa.func.max(GroupDay.day))
        .where(GroupDay.group_id == group.id, GroupDay.day <= begins)
        .scalar_subquery()
    )
    query = sa.select(GroupDay).where(
        GroupDay.group_id == group.id, GroupDay.day >= sa.func.coalesce(before, begins)
    )
    return query.order_by(GroupDay.day)


def _drawn(days: list[date], rows: list[GroupDay]) -> list[MemberCount]:
    found, members, left = [], 0, deque(rows)
    for day in days:
        came = went = 0
        while left and left[0].day <= day:
            row = left.popleft()
            members, came, went = row.members, came + row.joined, went + row.departed
        found.append(MemberCount(day, members, came, went))
    return found


#: A young group is drawn day by day, an older one week by week, for a year.
YOUNG = timedelta(days=60)


class MemberChart(NamedTuple):
    """The chart, and `rows` for the table: the points with changes, latest first."""

    chart: charts.Chart
    rows: list[MemberCount]


def member_chart(group: Group, now: datetime) -> MemberChart:
    """Return the chart of the group's last year. One statement, however many changes there were."""
    is_young = now - group.created_at < YOUNG
    points = daily_counts(group, now, 61 if is_young else 53, timedelta(days=1 if is_young else 7))
    series = [(_("Members"), [point.members for point in points])]
    chart = charts.draw_chart(_finding(points), [point.day for point in points], series)
    return MemberChart(
        chart, [point for point in reversed(points) if point.joined or point.departed]
    )


def _finding(points: Sequence[MemberCount]) -> str:
    first, last = points[0], points[-1]
    came, went = (
        sum(point.joined for point in points[1:]),
        sum(point.departed for point in points[1:]),
    )
    now = ngettext("1 member today", "%(num)d members today", last.members)
    if len(points) < 2:
        return now + "."
    since = _(
        "%(now)s, %(then)s on %(day)s.", now=now, then=first.members, day=short_date(first.day)
    )
    moved = _("%(came)s joined and %(went)s left since then.", came=came, went=went)
    return f"{since} {moved}"
