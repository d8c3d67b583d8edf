"""How the clocks of a zone go, for programs that do not know it.

Written by rules (RRULE) where the zone has them, which every program understands, else date by
date. Not by icalendar's own `from_tzid`: in spring it names the hour after the change, where RFC
5545 wants that of before.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from ...core.time import time_zones
from .clocks import OffsetChange, changes_in, rule_of
from .entries import CalendarEntry

if TYPE_CHECKING:
    from icalendar import TimezoneDaylight, TimezoneStandard


def written(entries: Iterable[CalendarEntry]) -> list[bytes]:
    """Every zone whose clocks the entries go by, from before the first of its entries until
    after the last.
    """
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
    from icalendar import Timezone  # heavy: only where someone takes a file with them

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
        part.add("rdate", walls)  # the first with them: some programs count no other
    return part
