"""Time zone definitions for calendar apps that don't know a zone.

Written as rules (RRULE), which all apps understand, or else date by date. Not with icalendar's
`from_tzid`: in spring it names the hour after the change, but RFC 5545 requires the hour before.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from ...core.time import time_zones
from .entries import CalendarEntry

if TYPE_CHECKING:
    from icalendar import TimezoneDaylight, TimezoneStandard
from collections.abc import Iterator, Sequence
from datetime import UTC, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

# When the clocks of a zone change, and the yearly rule if there is one.

_DAY, _SECOND = timedelta(days=1), timedelta(seconds=1)
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class OffsetChange(NamedTuple):
    """A change of the offset to UTC; `name` is the abbreviation used afterwards."""

    before: timedelta
    after: timedelta
    name: str
    is_summer: bool


def changes_in(zone: str, first: int, last: int) -> dict[OffsetChange, list[datetime]]:
    """Return the changes in these years with their local times before the change; the first entry
    is the initial offset.
    """
    place = ZoneInfo(zone)
    start, end = datetime(first, 1, 1, tzinfo=UTC), datetime(last + 1, 1, 1, tzinfo=UTC)
    at_first = _change(place, start, start)
    found = {at_first: [_wall(start, at_first.before)]}
    for moment in _moved(place, start, end):
        change = _change(place, moment - _SECOND, moment)
        found.setdefault(change, []).append(_wall(moment, change.before))
    return found


def rule_of(walls: Sequence[datetime], last: int) -> dict[str, Any] | None:
    """Return the yearly rule, such as “the last Sunday in March”, that gives exactly these dates
    until the year `last`; None if there is none.
    """
    first = walls[0]
    is_yearly = len(walls) > 1 and [wall.year for wall in walls] == list(
        range(first.year, last + 1)
    )
    if not is_yearly or len({(wall.month, wall.weekday(), wall.time()) for wall in walls}) > 1:
        return None
    weeks = {(wall.day - 1) // 7 + 1 for wall in walls}
    week = (
        -1
        if all((wall + 7 * _DAY).month != wall.month for wall in walls)
        else weeks.pop()
        if len(weeks) == 1
        else None
    )
    if week is None:
        return None
    return {
        "freq": "yearly",
        "bymonth": first.month,
        "byday": f"{week}{_WEEKDAYS[first.weekday()]}",
    }


def _change(place: ZoneInfo, before: datetime, after: datetime) -> OffsetChange:
    then, now = before.astimezone(place), after.astimezone(place)
    is_summer = (now.dst() or timedelta()) > timedelta()
    return OffsetChange(_offset(then), _offset(now), now.tzname() or "", is_summer)


def _offset(local: datetime) -> timedelta:
    return local.utcoffset() or timedelta()


def _wall(moment: datetime, offset: timedelta) -> datetime:
    return (moment + offset).replace(tzinfo=None)


def _moved(place: ZoneInfo, start: datetime, end: datetime) -> Iterator[datetime]:
    """The moments at which the offset to UTC changes, to the second."""
    while start < end:
        if _offset(start.astimezone(place)) != _offset((start + _DAY).astimezone(place)):
            early, late = start, start + _DAY
            while late - early > _SECOND:
                middle = (early + (late - early) / 2).replace(microsecond=0)
                early, late = (
                    (middle, late)
                    if _offset(middle.astimezone(place)) == _offset(early.astimezone(place))
                    else (early, middle)
                )
            yield late
        start += _DAY


def written(entries: Iterable[CalendarEntry]) -> list[bytes]:
    """Return the definition of each zone, from before its first entry until after the last."""
    years: dict[str, set[int]] = {}
    for entry in entries:
        if entry.zone != "UTC" and not entry.is_all_day:
            here = years.setdefault(entry.zone, set())
            here |= {
                time_zones.in_zone(moment, entry.zone).year
                for moment in (entry.starts_at, entry.ends_at)
            }
    return [_zone(name, min(found) - 1, max(found) + 1) for name, found in sorted(years.items())]


@lru_cache(maxsize=512)
def _zone(name: str, first: int, last: int) -> bytes:
    from icalendar import Timezone  # heavy import, so only where a file is written

    zone = Timezone()
    zone.add("tzid", name)
    for change, walls in changes_in(name, first, last).items():
        zone.add_component(_part(change, walls, last))
    return zone.to_ical()


def _part(
    change: OffsetChange, walls: list[datetime], last: int
) -> "TimezoneDaylight | TimezoneStandard":
    from icalendar import TimezoneDaylight, TimezoneStandard

    part = TimezoneDaylight() if change.is_summer else TimezoneStandard()
    part.add("dtstart", walls[0])
    part.add("tzoffsetfrom", change.before)
    part.add("tzoffsetto", change.after)
    part.add("tzname", change.name)
    rule = rule_of(walls, last)
    if rule is not None:
        part.add("rrule", rule)
    else:
        part.add("rdate", walls)  # includes the first, because some apps ignore dtstart here
    return part
