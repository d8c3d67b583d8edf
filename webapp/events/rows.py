"""An event as a line in a list: what the macro `ev` draws, made from columns alone."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from ..core import language, times
from .models import CANCELLED, DRAFT, GOING, MAYBE, OFFERED, WAITING, path_of

_OWN = {
    GOING: ("yes", _l("You are going")),
    WAITING: ("wait", _l("You are in the queue")),
    OFFERED: ("wait", _l("A seat is held for you")),
    MAYBE: ("note", _l("Maybe")),
}


class EventRow(NamedTuple):
    """`starts` is the wall time of the place; `chip` a kind and its words, or nothing."""

    id: UUID
    url: str
    title: str
    starts: datetime
    meta: str
    chip: tuple[str, str] | None = None
    people: Any = None
    picture: UUID | None = None

    @property
    def path(self) -> str:
        """Where its page is: below it lies its picture."""
        return self.url


def row_of(event: Any, answer: str | None = None, names_group: bool = True) -> EventRow:
    """The line for an event's columns with `group_name` and `is_online` beside them; `answer` is the reader's own."""
    path, chip = path_of(event.slug), chip_of(event, answer)
    return EventRow(event.id, path, event.title, event.starts_wall, _meta(event, names_group), chip, picture=event.picture)


def _meta(event: Any, names_group: bool) -> str:
    where = event.place or (_("Online") if event.is_online else "")
    group = event.group_name if names_group else ""
    return " · ".join(part for part in (times.place_of(event.zone), where, group) if part)


def chip_of(event: Any, answer: str | None = None) -> tuple[str, str] | None:
    """The one thing about its state that a reader of the list should know."""
    if event.state == DRAFT:
        return ("", _("Draft"))
    if event.state == CANCELLED:
        return ("no", _("Cancelled"))
    if answer in _OWN:
        kind, words = _OWN[answer]
        return (kind, str(words))
    if event.capacity is None:
        return None
    free = event.capacity - event.seats_taken
    if event.waiting_count:
        return ("wait", ngettext("Full, one party waits", "Full, %(num)d parties wait", event.waiting_count))
    if free <= 0:
        return ("wait", _("Full"))
    return ("yes", ngettext("One seat free", "%(num)d seats free", free)) if free <= 5 else None


def own_row(event: Any, zone: str, chip: tuple[str, str] | None = None) -> EventRow:
    """The line for somebody's own list: in their zone, with the hour at its place where the clocks there say another."""
    mine, there = times.wall(event.starts_at, zone), times.wall(event.starts_at, event.zone)
    elsewhere = ""
    if mine != there:
        day = "" if mine.date() == there.date() else f"{language.short_day(event.starts_at, event.zone)}, "
        elsewhere = _("%(time)s in %(place)s", time=f"{day}{there:%H:%M}", place=times.place_of(event.zone))
    where = event.place or (_("Online") if event.is_online else "")
    meta = " · ".join(part for part in (elsewhere, where, event.group_name) if part)
    return EventRow(event.id, path_of(event.slug), event.title, mine, meta, chip, picture=event.picture)


def answer_chip(state: str, answer: str | None, party: int) -> tuple[str, str] | None:
    """How somebody stands to the event that they answered."""
    if state == CANCELLED:
        return ("no", _("Cancelled"))
    going, companions = _("You are going"), party - 1
    if companions:
        going = ngettext("You are going, with %(num)s companion", "You are going, with %(num)s companions", companions)
    words = {
        GOING: ("yes", going),
        OFFERED: ("wait", ngettext("A seat is yours to take", "%(num)s seats are yours to take", party)),
        WAITING: ("wait", _("You are in the queue")),
        MAYBE: ("note", _("Maybe")),
    }
    return words.get(answer or "")


def counted_row(event: Any) -> EventRow:
    """The line for those who look after a group: how many answered, instead of where it is."""
    seats = ngettext("one person is going", "%(num)d people are going", event.seats_taken)
    if event.capacity is not None:
        seats = _("%(taken)s of %(seats)s seats taken", taken=event.seats_taken, seats=event.capacity)
    meta = "" if event.state == DRAFT else seats
    return EventRow(event.id, path_of(event.slug), event.title, event.starts_wall, meta, chip_of(event), picture=event.picture)
