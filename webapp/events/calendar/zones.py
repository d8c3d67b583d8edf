"""How the clocks of a zone go, for programs that do not know it."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from ...core import times
from .entries import Entry


def written(entries: Iterable[Entry]) -> list[bytes]:
    """Every zone whose clocks the entries go by, from before the first of its entries until after the last."""
    years: dict[str, set[int]] = {}
    for entry in entries:
        if entry.zone != "UTC" and not entry.is_all_day:
            here = years.setdefault(entry.zone, set())
            here |= {times.in_zone(moment, entry.zone).year for moment in (entry.starts_at, entry.ends_at)}
    return [_zone(name, min(found), max(found)) for name, found in sorted(years.items())]


@lru_cache(maxsize=512)
def _zone(name: str, first: int, last: int) -> bytes:
    from icalendar import Timezone  # heavy: only where somebody takes a file with them

    zone = Timezone.from_tzid(name, first_date=date(first - 1, 1, 1), last_date=date(last + 1, 12, 31))
    zone.pop("comment", None)
    return zone.to_ical()  # type: ignore[no-any-return]
