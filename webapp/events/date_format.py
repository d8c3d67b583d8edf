"""When an event is, in words: times in its own zone, and in the reader's if different; or days.

`it` is an event, or a row with `starts_at`, `ends_at`, `zone` and `is_all_day`. All-day events use
the event's own zone for every reader.
"""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from flask_babel import gettext as _

from ..core import i18n
from ..core.time import time_zones

#: An event that ends on another day is shown as several days only if it is longer than a night.
NIGHT = timedelta(hours=12)


class TimeSpan(NamedTuple):
    """Start, end and zone of something."""

    starts_at: datetime
    ends_at: datetime
    zone: str
    is_all_day: bool


class Times(NamedTuple):
    """When an event is, for its page. `starts` is for machines; `own_hours`: in the reader's zone,
    "" if the same.
    """

    starts: str
    days: str
    hours: str
    own_hours: str


def times_of(it: Any, own_zone: str | None) -> Times:
    """Return when an event is, for a reader in `own_zone`."""
    return _times(TimeSpan(it.starts_at, it.ends_at, it.zone, it.is_all_day), own_zone)


@i18n.cached_text
def _times(it: TimeSpan, own_zone: str | None) -> Times:
    text, own = at_place(hours(it), it), ""
    if own_zone and differs(it, own_zone):
        place = time_zones.place_of(own_zone)
        own = _("%(hours)s your time (%(place)s)", hours=own_hours(it, own_zone), place=place)
    return Times(machine_ends(it)[0], days(it), text, own)


def at_place(time: str, it: Any) -> str:
    """“18:00 in Auckland”; what all-day events say of their time is the same everywhere."""
    if it.is_all_day:
        return time
    return _("%(time)s in %(place)s", time=time, place=time_zones.place_of(it.zone))


def whole(it: Any, zone: str = "") -> str:
    """“Saturday 27 February 2027, 18:00”; several days show both ends; all-day events no times."""
    zone = _clocks(it, zone)
    if it.is_all_day:
        return _("%(days)s, all day", days=days(it))
    return _ends(it, zone) if _lasts_days(it, zone) else i18n.moment(it.starts_at, zone)


def both_ends(it: Any, zone: str = "") -> str:
    """“Saturday 27 February 2027, 18:00–20:00”; with both dates if they differ; all-day events
    no times.
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
    """“11:00–16:00”, “Fri 4 Dec, 18:00 – Sun 6 Dec, 12:00”, or “All day”."""
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
    """“Sat 27 Feb, 18:00–20:00”; with both dates if they differ; or the days."""
    zone = _clocks(it, zone)
    if it.is_all_day:
        return short(it)
    text = hours(it, zone)
    return text if _ends_later(it, zone) else f"{i18n.short_day(it.starts_at, zone)}, {text}"


def beside_day(it: Any, zone: str = "") -> str:
    """Text beside the first day: “18:00”, “18:00 – Sun 6 Dec, 12:00”, “All day”, or “Until Sun 6
    Dec”.
    """
    zone = _clocks(it, zone)
    lasts = _lasts_days(it, zone)
    if it.is_all_day:
        return _("Until %(day)s", day=i18n.short_day(_last(it), zone)) if lasts else _("All day")
    start = i18n.clock_time(it.starts_at, zone)
    return _("%(start)s – %(end)s", start=start, end=_moment(it.ends_at, zone)) if lasts else start


def differs(it: Any, zone: str | None) -> bool:
    """Whether the start has another local time in `zone` than in the event's own zone."""
    return (
        bool(zone)
        and not it.is_all_day
        and time_zones.wall(it.starts_at, str(zone)) != time_zones.wall(it.starts_at, it.zone)
    )


def beside_hour(it: Any, zone: str, other: str) -> str:
    """The start in `zone`: the time, with the date if it differs from that in `other`."""
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
    """`hours` in `zone`, with the date if it differs from that in the event's own zone."""
    text = hours(it, zone)
    is_same = (
        time_zones.wall(it.starts_at, zone).date() == time_zones.wall(it.starts_at, it.zone).date()
    )
    return (
        text
        if is_same or _ends_later(it, zone)
        else f"{i18n.short_day(it.starts_at, zone)}, {text}"
    )


def _clocks(it: Any, zone: str) -> str:
    return it.zone if it.is_all_day or not zone else zone


def _last(it: Any) -> datetime:
    """A moment on its last day."""
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
    """Start and end in ISO 8601: with the zone's offset, or the first and last date."""
    if it.is_all_day:
        return time_zones.wall(it.starts_at, it.zone).date().isoformat(), time_zones.wall(
            _last(it), it.zone
        ).date().isoformat()
    return tuple(
        time_zones.in_zone(moment, it.zone).isoformat() for moment in (it.starts_at, it.ends_at)
    )  # type: ignore[return-value]
