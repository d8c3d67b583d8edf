"""An event as a line in a list, for the macro `ev`, made from columns alone."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from flask_babel import gettext as _, lazy_gettext as _l, ngettext

from ..core import i18n
from ..core.text.strings import dotted
from ..core.time import time_zones
from ..core.ui.artwork import Art, apart
from . import date_format
from .models import ASKED, CANCELLED, DRAFT, GOING, MAYBE, OFFERED, WAITING, arts_of, path_of

_OWN = {
    GOING: ("yes", _l("You’re going")),
    WAITING: ("wait", _l("You’re on the waiting list")),
    OFFERED: ("wait", _l("We’re holding a seat for you")),
    MAYBE: ("note", _l("Maybe")),
    ASKED: ("wait", _l("You’ve asked to join")),
}


#: Lists say how many seats are left when it's this many or fewer.
FEW = 5


class EventRow(NamedTuple):
    """`starts` is the local time by which it is listed, `hours` the text beside its day; `chip` a
    kind and a label, or None.
    """

    id: UUID
    url: str
    title: str
    starts: datetime
    meta: str
    chip: tuple[str, str] | None = None
    hours: str = ""
    is_all_day: bool = False
    picture: UUID | None = None
    #: The drawn covers that suit it, the shown one first.
    arts: tuple[Art, ...] = ()

    @property
    def path(self) -> str:
        """The path of its page, also the prefix of its picture's."""
        return self.url


@i18n.cached_text
def row_of(event: Any, answer: str | None = None, names_group: bool = True) -> EventRow:
    """Return the line for an event's columns with `group_name` and `is_online`; `answer`: the
    reader's.
    """
    meta = _meta(event, names_group)
    return _row(event, event.starts_wall, _place_first(event), meta, chip_of(event, answer))


def _row(
    event: Any, starts: datetime, hours: str, meta: str, chip: tuple[str, str] | None
) -> EventRow:
    return EventRow(
        event.id,
        path_of(event.slug),
        event.title,
        starts,
        meta,
        chip,
        hours,
        event.is_all_day,
        picture=event.picture,
        arts=arts_of(event),
    )


def varied(rows: list[EventRow]) -> list[EventRow]:
    """Return the lines of one list with drawn covers that differ."""
    drawn = [row for row in rows if row.picture is None]
    other = {
        row.id: art
        for row, art in zip(drawn, apart(row.arts for row in drawn), strict=True)
        if art != row.arts[0]
    }
    return [row._replace(arts=(other[row.id],)) if row.id in other else row for row in rows]


def _meta(event: Any, names_group: bool) -> str:
    return dotted(_where(event), event.group_name if names_group else "")


def _where(event: Any) -> str:
    return event.venue or (_("Online") if event.is_online else "")


def _place_first(event: Any) -> str:
    """The time at the event's place, with the reader's own if different; nothing for all-day
    events.
    """
    hours = date_format.beside_day(event, event.zone)
    if event.is_all_day:
        return hours
    there = date_format.at_place(hours, event)
    own = i18n.reader_zone()
    if own is None or not date_format.differs(event, own):
        return there
    time = date_format.beside_hour(event, own, event.zone)
    return _("%(there)s (%(time)s your time)", there=there, time=time)


def own_time_first(event: Any, zone: str, hours: str) -> str:
    """The reader's `hours`, with that at the event's place where the clocks there show another."""
    if not date_format.differs(event, zone):
        return hours
    there = date_format.at_place(date_format.beside_hour(event, event.zone, zone), event)
    return _("%(time)s your time (%(there)s)", time=hours, there=there)


def chip_of(event: Any, answer: str | None = None) -> tuple[str, str] | None:
    """Return the one fact about its status that matters most to a reader of the list."""
    if event.state == DRAFT:
        return ("", _("Draft"))
    if event.state == CANCELLED:
        return ("no", _("Cancelled"))
    if own := _own_chip(answer):
        return own
    return seats_chip(event, FEW)


def seats_chip(row: Any, most: int | None = None) -> tuple[str, str] | None:
    """Return how full an event with limited seats is; None if more than `most` are left."""
    if row.capacity is None:
        return None
    free = max(0, row.capacity - row.seats_taken)
    return None if most is not None and free > most else how_full(free, row.waiting_count)


def how_full(free: int, waiting: int) -> tuple[str, str]:
    """Return the chip for these free seats, which a large party on the waiting list may leave."""
    if free:
        return ("yes", ngettext("1 seat left", "%(num)d seats left", free))
    if waiting:
        words = ngettext(
            "Full · 1 on the waiting list", "Full · %(num)d on the waiting list", waiting
        )
        return ("wait", words)
    return ("wait", _("Full"))


@i18n.cached_text
def own_row(event: Any, zone: str, chip: tuple[str, str] | None = None) -> EventRow:
    """Return the line for someone's own list: in their zone, with the local time if different."""
    own = event.zone if event.is_all_day else zone
    hours = own_time_first(event, zone, date_format.beside_day(event, own))
    return _row(event, time_zones.wall(event.starts_at, own), hours, _meta(event, True), chip)


def answer_chip(state: str, answer: str | None, party: int) -> tuple[str, str] | None:
    """Return the chip for someone's own answer."""
    if state == CANCELLED:
        return ("no", _("Cancelled"))
    if answer == GOING and party > 1:
        return (
            "yes",
            ngettext(
                "You’re going (+%(num)s)",
                "You’re going (+%(num)s)",
                party - 1,
            ),
        )
    if answer == OFFERED:
        return (
            "wait",
            ngettext("We’re holding a seat for you", "We’re holding %(num)s seats for you", party),
        )
    return _own_chip(answer)


def _own_chip(answer: str | None) -> tuple[str, str] | None:
    kind, label = _OWN.get(answer or "", ("", ""))
    return (kind, str(label)) if kind else None


def counted_row(event: Any) -> EventRow:
    """Return the line for managers of a group: with the number of answers instead of the place."""
    seats = ngettext("1 going", "%(num)d going", event.going_count)
    if event.capacity is not None:
        seats = ngettext(
            "%(taken)s of %(num)s seat taken",
            "%(taken)s of %(num)s seats taken",
            event.capacity,
            taken=event.seats_taken,
        )
    meta = "" if event.state == DRAFT else seats
    hours = date_format.beside_day(event, event.zone)
    return _row(event, event.starts_wall, hours, meta, chip_of(event))
