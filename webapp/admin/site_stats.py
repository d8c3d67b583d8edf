"""The site's numbers today and over the last year."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask_babel import gettext as _, ngettext

from ..accounts.models import User
from ..core.extensions import db
from ..core.i18n import short_date
from ..core.ui import charts
from ..events.models import PUBLISHED, Event
from ..groups.models import Group
from ..voting.models import Vote

#: Younger sites are drawn day by day, older ones week by week.
YOUNG = timedelta(days=60)
PEOPLE, GROUPS, EVENTS, VOTES = KINDS = ("people", "groups", "events", "votes")
#: What is counted: the time by which it counts, and its conditions.
_COUNTED: dict[str, tuple[Any, tuple[sa.ColumnElement[bool], ...]]] = {
    PEOPLE: (
        User.created_at,
        (User.verified_at.is_not(None), User.approved_at.is_not(None), User.erased_at.is_(None)),
    ),
    GROUPS: (Group.created_at, (Group.deleted_at.is_(None),)),
    EVENTS: (Event.published_at, (Event.state == PUBLISHED, Event.deleted_at.is_(None))),
    VOTES: (
        Vote.opened_at,
        (Vote.opened_at.is_not(None), Vote.cancelled_at.is_(None), Vote.deleted_at.is_(None)),
    ),
}


class StatsPoint(NamedTuple):
    """The totals at the end of a day."""

    day: date
    people: int
    groups: int
    events: int
    votes: int


class SiteStats(NamedTuple):
    """Today's numbers, each with this week's increase; the charts of the year; and a table.

    The table has the points at which something changed, latest first.
    """

    counts: list[tuple[str, int, int]]
    people: charts.Chart
    activity: charts.Chart
    rows: list[StatsPoint]


def year_stats(now: datetime) -> SiteStats:
    """Return the site's last year. One statement, however large the site is."""
    days = {kind: Counter[date]() for kind in KINDS}
    for kind, day, number in db.session.execute(sa.union_all(*_by_day(now))):
        days[kind][date.fromisoformat(str(day))] += number
    begins = min((day for counted in days.values() for day in counted), default=now.date())
    step = timedelta(days=1 if now.date() - begins < YOUNG else 7)
    shown = charts.days_back(begins, now.date(), 61 if step.days == 1 else 53, step)
    points = [StatsPoint(day, *(_up_to(day, days[kind]) for kind in KINDS)) for day in shown]
    week_ago = now.date() - timedelta(days=7)
    today, before = points[-1], [_up_to(week_ago, days[kind]) for kind in KINDS]
    counts = [
        (label, number, number - earlier)
        for label, number, earlier in zip(_labels(), today[1:], before, strict=True)
    ]
    people = charts.draw_chart(
        _people(points), shown, [(_("People"), [point.people for point in points])]
    )
    both = [
        (_("Events"), [point.events for point in points]),
        (_("Votes"), [point.votes for point in points]),
    ]
    doings = charts.draw_chart(_doings(points), shown, both)
    rows = [
        point
        for before, point in zip([None, *points], points, strict=False)
        if before is None or before[1:] != point[1:]
    ]
    return SiteStats(counts, people, doings, rows[::-1])


def _labels() -> tuple[str, ...]:
    return _("People"), _("Groups"), _("Events published"), _("Votes opened")


def _by_day(now: datetime) -> Iterable[Any]:
    """Select the numbers of each kind by day of the year; older ones count on the first day."""
    first = now - timedelta(days=370)
    for kind, (moment, holds) in _COUNTED.items():
        since = sa.case((moment < first, first), else_=moment)
        day = sa.cast(sa.func.date(since), sa.String)
        counted = sa.select(
            sa.literal(kind).label("kind"), day.label("on_day"), sa.func.count().label("number")
        )
        yield counted.where(moment.is_not(None), *holds).group_by(sa.literal_column("on_day"))


def _up_to(day: date, counted: Counter[date]) -> int:
    return sum(number for when, number in counted.items() if when <= day)


def _people(points: list[StatsPoint]) -> str:
    first, last = points[0], points[-1]
    now = ngettext("1 person today", "%(num)d people today", last.people)
    if len(points) < 2:
        return now + "."
    return _("%(now)s, %(then)s on %(day)s.", now=now, then=first.people, day=short_date(first.day))


def _doings(points: list[StatsPoint]) -> str:
    first, last = points[0], points[-1]
    events = ngettext(
        "%(num)s event was published", "%(num)s events were published", last.events - first.events
    )
    votes = ngettext("%(num)s vote opened", "%(num)s votes opened", last.votes - first.votes)
    return _(
        "Since %(day)s, %(events)s and %(votes)s.",
        day=short_date(first.day),
        events=events,
        votes=votes,
    )
