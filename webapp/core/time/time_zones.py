"""Local times and moments.

A person enters a local time and a zone; the zone's clocks decide whether it exists.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from babel.dates import format_date, format_time
from flask_babel import get_locale, gettext as _

from ..http.errors import UserError

#: The years that people plan in. Beyond them, some zone's times exceed the calendar of computers.
FIRST_YEAR, LAST_YEAR = 1970, 2200
#: The modifier of locales with a 12-hour clock.
TWELVE_HOURS = "12"


class NonexistentTime(ValueError):
    """The clocks skip this local time; `nearest` are the two local times around the gap."""

    def __init__(self, wall: datetime, nearest: tuple[datetime, datetime]) -> None:
        super().__init__(f"{wall} does not exist")
        self.wall = wall
        self.nearest = nearest


class AmbiguousTime(ValueError):
    """The clocks pass this local time twice; `moments` are the earlier and the later."""

    def __init__(self, wall: datetime, moments: tuple[datetime, datetime]) -> None:
        super().__init__(f"{wall} happens twice")
        self.wall = wall
        self.moments = moments


@cache
def zone_names() -> list[str]:
    """Return the zones that people can choose, without outdated names."""
    table = files("tzdata.zoneinfo").joinpath("zone.tab").read_text()
    lines = [line.split("\t") for line in table.splitlines() if not line.startswith("#")]
    return ["UTC", *sorted(line[2] for line in lines)]


def is_zone(name: str) -> bool:
    """Whether `name` is a known zone."""
    return name in _known_zones()


@cache
def _known_zones() -> set[str]:
    return available_timezones()


def is_near(day: date) -> bool:
    """Whether the day is within the years that people plan in, so that every zone has it."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def to_utc(wall: datetime, zone: str, fold: int | None = None) -> datetime:
    """Return the moment at which clocks in `zone` show `wall` (naive).

    `fold` chooses between two moments: 0 the earlier, 1 the later. Raises NonexistentTime, and
    AmbiguousTime if `fold` is None.
    """
    place = ZoneInfo(zone)
    moments = [wall.replace(tzinfo=place, fold=f).astimezone(UTC) for f in (0, 1)]
    shown = [moment.astimezone(place).replace(tzinfo=None) for moment in moments]
    if wall not in shown:
        raise NonexistentTime(wall, (min(shown), max(shown)))
    if moments[0] == moments[1]:
        return moments[0]
    if fold is None:
        raise AmbiguousTime(wall, (moments[0], moments[1]))
    return moments[fold]


def existing(wall: datetime, zone: str) -> datetime:
    """Return the local time; if the clocks skip it, the later of the two nearest."""
    try:
        to_utc(wall, zone, 0)
    except NonexistentTime as skipped:
        return skipped.nearest[1]
    return wall


def start_of_day(day: date, zone: str) -> datetime:
    """Return when the day begins in the zone: midnight, or the first time after it if the clocks
    skip it.

    Of two midnights it is the first.
    """
    return to_utc(existing(datetime.combine(day, time()), zone), zone, 0)


def in_zone(moment: datetime, zone: str) -> datetime:
    """Return the same moment in `zone`, aware."""
    return moment.astimezone(ZoneInfo(zone))


def wall(moment: datetime, zone: str) -> datetime:
    """Return what clocks in `zone` show at that moment, naive, for form fields."""
    return in_zone(moment, zone).replace(tzinfo=None)


def clock_face(wall: datetime, locale: Locale | None) -> str:
    """Return “18:00”, or “6:00 PM” in a locale with the 12-hour clock."""
    if locale is None or locale.modifier != TWELVE_HOURS:
        return wall.strftime("%H:%M")
    written: str = format_time(wall.time(), "h:mm a", locale=locale)
    return written


def _beside(near: datetime, wall: datetime, locale: Locale | None) -> str:
    """Return the time, with its day if that is another: where midnight is skipped, or a day."""
    time = clock_face(near, locale)
    if near.date() == wall.date():
        return time
    return f"{format_date(near.date(), 'EEE d MMM', locale=locale or 'en')}, {time}"


def place_of(zone: str) -> str:
    """Return the zone's place: “Kolkata” for Asia/Kolkata."""
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def whole_minute(moment: datetime) -> datetime:
    """Return the moment without its seconds."""
    return moment - timedelta(seconds=moment.second, microseconds=moment.microsecond)


def to_moment(wall: datetime, zone: str, fold: int | None, field: str) -> datetime:
    """Return the moment at which clocks in `zone` show the field's time; `fold` chooses between
    two.

    Raises UserError at `field` for a time that the clocks skip, and at `<field>_fold` for one that
    they pass twice.
    """
    locale = get_locale()
    words = {"time": clock_face(wall, locale), "place": place_of(zone)}
    try:
        return to_utc(wall, zone, fold)
    except NonexistentTime as skipped:
        early, late = (_beside(near, wall, locale) for near in skipped.nearest)
        words |= {"early": early, "late": late}
        sentence = _(
            "%(time)s doesn’t exist on that day in %(place)s because the clocks change. Did you "
            "mean %(early)s or %(late)s?",
            **words,
        )
        raise UserError(sentence, field=field) from None
    except AmbiguousTime:
        sentence = _(
            "%(time)s happens twice on that day in %(place)s because the clocks go back. Choose "
            "which one you mean.",
            **words,
        )
        raise UserError(sentence, field=f"{field}_fold") from None
