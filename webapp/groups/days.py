"""How many belonged to a group day by day: written where people come and go, under the group's
lock; nobody has to count.
"""

from collections import deque
from datetime import date, datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa

from ..core import clock
from ..core.charts import days_back
from ..core.extensions import db
from .models import Group, GroupDay


class Point(NamedTuple):
    """How many belonged to the group at the end of a day, and who came and went in the days
    since the point before.
    """

    day: date
    members: int
    came: int
    went: int


def note(group: Group, came: int = 0, went: int = 0) -> None:
    """The day says that so many came and went, and how many there are: of the group, which the
    caller holds.
    """
    today = clock.now().date()
    row = db.session.get(GroupDay, (group.id, today))
    if row is None:
        row = GroupDay(group_id=group.id, day=today, came=0, went=0)
        db.session.add(row)
    row.came, row.went, row.members = row.came + came, row.went + went, group.member_count
    db.session.flush()


def points(
    group: Group, now: datetime, count: int = 53, step: timedelta = timedelta(days=7)
) -> list[Point]:
    """The last `count` points up to today, `step` apart; none from before the group was there.

    One statement.
    """
    shown = days_back(group.created_at.date(), now.date(), count, step)
    return _drawn(shown, list(db.session.scalars(_since(group, shown[0]))))


def _since(group: Group, begins: date) -> sa.Select[GroupDay]:
    """The rows from that day on, and the last one before it."""
    before = (
        sa.select(sa.func.max(GroupDay.day))
        .where(GroupDay.group_id == group.id, GroupDay.day <= begins)
        .scalar_subquery()
    )
    wanted = sa.select(GroupDay).where(
        GroupDay.group_id == group.id, GroupDay.day >= sa.func.coalesce(before, begins)
    )
    return wanted.order_by(GroupDay.day)


def _drawn(days: list[date], rows: list[GroupDay]) -> list[Point]:
    found, members, left = [], 0, deque(rows)
    for day in days:
        came = went = 0
        while left and left[0].day <= day:
            row = left.popleft()
            members, came, went = row.members, came + row.came, went + row.went
        found.append(Point(day, members, came, went))
    return found
