"""When an event is, in words: hours in its own zone, and in the reader's where the clocks there
show others; or days.

`it` is an event, or a row with its `starts_at`, `ends_at`, `zone` and `is_all_day`. Whole days are
those of the event's own place, wherever one reads of them.
"""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from flask_babel import gettext as _

from ..core import i18n
from ..core.time import time_zones

#: Longer than this, what ends on another day is told as an event of several days; shorter, as a
#: night.
NIGHT = timedelta(hours=12)


class PlannedSpan(NamedTuple):
    """From when to when something lasts, and where."""

    starts_at: datetime
    ends_at: datetime
    zone: str
    is_all_day: bool


class Times(NamedTuple):
    """When an event is, as its page says it. `starts`: for machines; `own_hours`: by the reader's
    own clocks, "" where these show the same.
    """

    starts: str
    days: str
    hours: str
    own_hours: str


def times_of(it: Any, own_zone: str | None) -> Times:
    """When an event is, for a reader whose clocks show the time of `own_zone`."""
    return _times(PlannedSpan(it.starts_at, it.ends_at, it.zone, it.is_all_day), own_zone)


@i18n.cached_text
def _times(it: PlannedSpan, own_zone: str | None) -> Times:
    words, own = hours(it), ""
    if not it.is_all_day:
        place = time_zones.place_of(it.zone)
        words = _("%(hours)s in %(place)s", hours=words, place=place)
    if own_zone and differs(it, own_zone):
        place = time_zones.place_of(own_zone)
        own = _("%(hours)s in %(place)s, your time", hours=own_hours(it, own_zone), place=place)
    return Times(machine_ends(it)[0], days(it), words, own)


def whole(it: Any, zone: str = "") -> str:
    """“Saturday 27 February 2027, 18:00”; over several days both ends; over whole days no hours."""
    zone = _clocks(it, zone)
    if it.is_all_day:
        return _("%(days)s, all day", days=days(it))
    return _ends(it, zone) if _lasts_days(it, zone) else i18n.moment(it.starts_at, zone)


def both_ends(it: Any, zone: str = "") -> str:
    """“Saturday 27 February 2027, 18:00 to 20:00”, with the days of both where they differ; over
    whole days no hours.
    """
    zone = _clocks(it, zone)
    if it.is_all_day:
        return whole(it)
    return hours(it, zone) if _ends_later(it, zone) else f"{days(it, zone)}, {hours(it, zone)}"


def days(it: Any, zone: str = "") -> str:
    """“Saturday 27 February 2027”, or “Fri 4 Dec – Sun 6 Dec”."""
    zone = _clocks(it, zone)
    if not _lasts_days(it, zone):
        return i18n.day(it.starts_at, zone)
    first, last = i18n.short_day(it.starts_at, zone), i18n.short_day(_last(it), zone)
    return _("%(start)s – %(end)s", start=first, end=last)


def hours(it: Any, zone: str = "") -> str:
    """“11:00 to 16:00”, “Fri 4 Dec, 18:00 – Sun 6 Dec, 12:00”, or “All day”."""
    zone = _clocks(it, zone)
    if it.is_all_day:
        return _("All day")
    return _ends(it, zone) if _ends_later(it, zone) else i18n.span(it.starts_at, it.ends_at, zone)


def short(it: Any, zone: str = "") -> str:
    """“Sat 27 Feb, 18:00”, or the days."""
    zone = _clocks(it, zone)
    if not it.is_all_day:
        return _moment(it.starts_at, zone)
    return days(it) if _lasts_days(it, zone) else i18n.short_day(it.starts_at, zone)


def brief(it: Any, zone: str = "") -> str:
    """“Sat 27 Feb, 18:00 to 20:00”, with the days of both ends where they differ; or the days."""
    zone = _clocks(it, zone)
    if it.is_all_day:
        return short(it)
    words = hours(it, zone)
    return words if _ends_later(it, zone) else f"{i18n.short_day(it.starts_at, zone)}, {words}"


def beside_day(it: Any, zone: str = "") -> str:
    """What stands beside the first day: “18:00”, “18:00 – Sun 6 Dec, 12:00”, “All day”, or
    “Until Sun 6 Dec”.
    """
    zone = _clocks(it, zone)
    lasts = _lasts_days(it, zone)
    if it.is_all_day:
        return _("Until %(day)s", day=i18n.short_day(_last(it), zone)) if lasts else _("All day")
    start = i18n.clock_time(it.starts_at, zone)
    return _("%(start)s – %(end)s", start=start, end=_moment(it.ends_at, zone)) if lasts else start


def differs(it: Any, zone: str | None) -> bool:
    """Whether the clocks in `zone` show another hour or day at the start than those of the
    event's own place.
    """
    return (
        bool(zone)
        and not it.is_all_day
        and time_zones.wall(it.starts_at, str(zone)) != time_zones.wall(it.starts_at, it.zone)
    )


def beside_hour(it: Any, zone: str, other: str) -> str:
    """The start by the clocks of `zone`: the hour, with the day where those of `other` show
    another one.
    """
    mine, there = time_zones.wall(it.starts_at, zone), time_zones.wall(it.starts_at, other)
    day = "" if mine.date() == there.date() else f"{i18n.short_day(it.starts_at, zone)}, "
    return f"{day}{i18n.clock_time(it.starts_at, zone)}"


def own_start(it: Any, zone: str) -> str:
    """The start by the clocks of `zone`: “20:30”, or “Fri 20:30” where the event's own clocks show
    another day.
    """
    hour = i18n.clock_time(it.starts_at, zone)
    mine, there = time_zones.wall(it.starts_at, zone), time_zones.wall(it.starts_at, it.zone)
    return hour if mine.date() == there.date() else f"{i18n.short_day_of_week(mine.date())} {hour}"


def own_hours(it: Any, zone: str) -> str:
    """`hours` by the clocks of `zone`, with the day where the event's own clocks show another
    one.
    """
    words = hours(it, zone)
    is_same = (
        time_zones.wall(it.starts_at, zone).date() == time_zones.wall(it.starts_at, it.zone).date()
    )
    return (
        words
        if is_same or _ends_later(it, zone)
        else f"{i18n.short_day(it.starts_at, zone)}, {words}"
    )


def _clocks(it: Any, zone: str) -> str:
    return it.zone if it.is_all_day or not zone else zone


def _last(it: Any) -> datetime:
    """A moment in its last day."""
    return it.ends_at - timedelta(seconds=1)


def _ends_later(it: Any, zone: str) -> bool:
    """Whether it ends on another day than it begins."""
    return time_zones.wall(_last(it), zone).date() != time_zones.wall(it.starts_at, zone).date()


def _lasts_days(it: Any, zone: str) -> bool:
    return _ends_later(it, zone) and (it.is_all_day or it.ends_at - it.starts_at > NIGHT)


def _ends(it: Any, zone: str) -> str:
    return _(
        "%(start)s – %(end)s", start=_moment(it.starts_at, zone), end=_moment(it.ends_at, zone)
    )


def _moment(moment: datetime, zone: str) -> str:
    return f"{i18n.short_day(moment, zone)}, {i18n.clock_time(moment, zone)}"


def machine_ends(it: Any) -> tuple[str, str]:
    """Both ends as ISO 8601 writes them: with the offset of their zone, or the first and the
    last day.
    """
    if it.is_all_day:
        return time_zones.wall(it.starts_at, it.zone).date().isoformat(), time_zones.wall(
            _last(it), it.zone
        ).date().isoformat()
    return tuple(
        time_zones.in_zone(moment, it.zone).isoformat() for moment in (it.starts_at, it.ends_at)
    )  # type: ignore[return-value]
