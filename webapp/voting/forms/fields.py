"""Fields of the vote form, and the choices of electorates.

The rows of dates in a date poll, in the zone of the event or group. And the fields for a threshold:
a share, and of what.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any, NamedTuple

from flask_babel import gettext as _, lazy_gettext as _l, ngettext
from wtforms import Field, SelectField

from ...core import i18n
from ...core.http.errors import UserError
from ...core.http.forms import choices_of
from ...core.time import time_zones
from ...core.time.time_zones import to_moment
from ...core.time.typed_times import read_moment
from ..models import ATTENDED, CLOSE, GOING, HOLDERS, INVITED, KEEP, LOSE, MEMBERS, OPENING
from ..planning.plan import Span
from ..results.quorum_text import NONE, SHARES, columns_of, share_in_words
from ..tally.rules import CAST, MOST_OPTIONS, PRESENT, PROPOSAL, ROLL, VALID, VOICES

#: How many rows are visible at first, how many there are at least, and how many empty ones are
#: added.
AT_ONCE, LEAST_ROWS, SPARE = 4, 20, 5
ELECTORATES = [
    (MEMBERS, _l("All members")),
    (HOLDERS, _l("Some roles")),
    (INVITED, _l("Invited members")),
    (GOING, _l("People who are going")),
    (ATTENDED, _l("People who attended")),
]
ROLLS = [(OPENING, _l("Fixed at opening")), (CLOSE, _l("Fixed at closing"))]
LEAVERS = [(LOSE, _l("They lose their vote")), (KEEP, _l("They keep their vote"))]
ONE_DAY = 24 * 60
FOLDS = ("0", "1")
LENGTHS = [
    (30, _l("Half an hour")),
    (60, _l("One hour")),
    (90, _l("One and a half hours")),
    (120, _l("Two hours")),
    (180, _l("Three hours")),
    (240, _l("Four hours")),
    (360, _l("Six hours")),
    (480, _l("Eight hours")),
    (ONE_DAY, _l("A day")),
]


class DateRow(NamedTuple):
    """A date as it was typed. `which`: the first or second of two times, if clocks show it twice;
    `asks`: whether the form asks for that.
    """

    number: int
    typed: str
    which: str = ""
    error: str = ""
    asks: bool = False


class DatesField(Field):
    """Rows of wall-clock times, each with its fold: two lists of equal length, in the same order.

    `data` are the rows; `read(zone)` converts them to moments, with an error at each invalid row.
    """

    data: list[DateRow]
    errors: list[str]

    def process_data(self, value: Any) -> None:
        """Fill in existing dates as pairs of wall-clock time and fold."""
        self.data = _rows((f"{wall:%Y-%m-%dT%H:%M}", which) for wall, which in value or ())

    def process(self, formdata: Any, *args: Any, **options: Any) -> None:
        """Read the rows; folds are sent under their own name."""
        super().process(formdata, *args, **options)
        if not formdata or self.name not in formdata:
            return
        typed, folds = (
            formdata.getlist(name)[:MOST_OPTIONS] for name in (self.name, f"{self.name}_fold")
        )
        rows = [(wall.strip(), fold) for wall, fold in zip_longest(typed, folds, fillvalue="")]
        while rows and not rows[-1][0]:
            rows.pop()
        self.data = _rows(rows)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Do nothing: `process` reads both lists at once."""

    @property
    def rows(self) -> list[DateRow]:
        """The rows that were typed, and empty rows for more."""
        count = min(MOST_OPTIONS, max(LEAST_ROWS, len(self.data) + SPARE))
        return [
            *self.data,
            *(DateRow(number, "") for number in range(len(self.data) + 1, count + 1)),
        ]

    @property
    def at_once(self) -> int:
        """Return how many rows are visible before someone adds more."""
        return max(AT_ONCE, len(self.data) + 1)

    @property
    def is_wrong_as_a_whole(self) -> bool:
        """Whether the errors concern the list, not a row."""
        return bool(self.errors) and not any(row.error for row in self.data)

    def read(self, zone: str, existing: Sequence[datetime] = ()) -> list[datetime]:
        """Return the moments of the filled rows, in order. A time that is among `existing` keeps
        its exact moment.
        Sets the errors of rows, and `errors`.
        """
        known = {
            time_zones.wall(moment, zone).replace(second=0, microsecond=0): moment
            for moment in existing
        }
        moments, rows = [], []
        for row in self.data:
            moment, row = _read(row, zone, known) if row.typed else (None, row)
            rows.append(row)
            moments += [moment] if moment else []
        self.data = rows
        said = [
            _("Date %(number)s: %(sentence)s", number=row.number, sentence=row.error)
            for row in rows
            if row.error
        ]
        self.errors = [*self.errors, *said]
        return sorted(moments)


def _rows(typed: Iterable[tuple[str, str]]) -> list[DateRow]:
    return [
        DateRow(number, wall, which, asks=which in FOLDS)
        for number, (wall, which) in enumerate(typed, 1)
    ]


def _read(
    row: DateRow, zone: str, known: dict[datetime, datetime]
) -> tuple[datetime | None, DateRow]:
    wall = read_moment(row.typed, i18n.locale_code())
    if wall is None:
        return None, row._replace(error=_("Enter a date and time."))
    if not time_zones.is_near(wall):
        years = {"first": time_zones.FIRST_YEAR, "last": time_zones.LAST_YEAR}
        return None, row._replace(error=_("Choose a year between %(first)s and %(last)s.", **years))
    if wall in known and row.which not in FOLDS:
        return known[wall], row
    try:
        return to_moment(wall, zone, int(row.which) if row.which in FOLDS else None, "date"), row
    except UserError as broken:
        return None, row._replace(error=broken.message, asks=broken.field == "date_fold")


def spans(moments: Sequence[datetime], minutes: int, zone: str) -> tuple[Span, ...]:
    """Return the start and end of each date. Four hours from 20:00 end at midnight, even on a night
    when clocks change.
    """
    return tuple((moment, _end(moment, timedelta(minutes=minutes), zone)) for moment in moments)


def _end(starts_at: datetime, lasts: timedelta, zone: str) -> datetime:
    ends_wall = time_zones.wall(starts_at, zone) + lasts
    if time_zones.wall(starts_at + lasts, zone) == ends_wall:
        return starts_at + lasts
    return time_zones.to_utc(time_zones.existing(ends_wall, zone), zone, 1)


class Lasts(SelectField):
    """The length of each date, in minutes."""

    def __init__(self, label: Any = _l("Length"), **options: Any) -> None:
        super().__init__(label, choices=choices_of(LENGTHS), coerce=int, default=120, **options)

    def offer(self, minutes: int) -> None:
        """Add this length to the choices if it isn't among them."""
        if minutes > 0 and minutes not in [value for value, label in LENGTHS]:
            self.choices = choices_of(
                sorted([*LENGTHS, (minutes, _in_words(minutes))], key=lambda pair: pair[0])
            )


def _in_words(minutes: int) -> str:
    if minutes % ONE_DAY == 0:
        return ngettext("%(num)d day", "%(num)d days", minutes // ONE_DAY)
    hours, rest = divmod(minutes, 60)
    parts = [ngettext("%(num)d hour", "%(num)d hours", hours)] if hours else []
    parts += [ngettext("%(num)d minute", "%(num)d minutes", rest)] if rest else []
    return " ".join(parts)


MEASURES: dict[str, Any] = {
    VOICES: _l("Those who agree, disagree or block"),
    VALID: _l("Ballots with a choice"),
    CAST: _l("All ballots, including abstentions"),
    ROLL: _l("Everyone who can vote"),
    PRESENT: _l("People who can vote and were checked in at the event"),
}


class ShareField(SelectField):
    """A share: “more than” or “at least” a fraction."""

    def __init__(self, label: Any = _l("Majority"), **options: Any) -> None:
        super().__init__(label, **options)

    def offer(self, is_needed: bool, current: str = NONE) -> None:
        """Set the choices, with “No minimum” unless a share is required, and the current share even
        if it's unusual.
        """
        known = dict(SHARES)
        if current not in known and current != NONE:
            known[current] = share_in_words(*columns_of(current).values())
        nothing = [] if is_needed else [(NONE, _("No minimum"))]
        self.choices = choices_of([*nothing, *known.items()])


class MeasureField(SelectField):
    """What the share is a part of."""

    def __init__(self, label: Any = _l("Majority of"), **options: Any) -> None:
        super().__init__(label, **options)

    def offer(self, kind: str, about_event: bool) -> None:
        """Offer what the kind and the event allow."""
        left_out = {VOICES} if kind != PROPOSAL else set()
        left_out |= set() if about_event else {PRESENT}
        self.choices = choices_of(
            (value, words) for value, words in MEASURES.items() if value not in left_out
        )
