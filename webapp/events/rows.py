"""An event as a line in a list: what the macro `ev` draws, made from columns alone."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext

from ..core import times
from .models import CANCELLED, DRAFT


class EventRow(NamedTuple):
    """`starts` is the wall time of the place; `chip` a kind and its words, or nothing."""

    id: UUID
    url: str
    title: str
    starts: datetime
    meta: str
    chip: tuple[str, str] | None = None
    people: Any = None


def row_of(event: Any) -> EventRow:
    """The line for an event, or for its columns with `group_name` and `is_online` beside them."""
    return EventRow(event.id, f"/events/{event.slug}", event.title, event.starts_wall, _meta(event), chip_of(event))


def _meta(event: Any) -> str:
    where = event.place or (_("Online") if event.is_online else "")
    return " · ".join(part for part in (times.place_of(event.zone), where, event.group_name) if part)


def chip_of(event: Any) -> tuple[str, str] | None:
    """The one thing about its state that a reader of the list should know."""
    if event.state == DRAFT:
        return ("", _("Draft"))
    if event.state == CANCELLED:
        return ("no", _("Cancelled"))
    if event.capacity is None:
        return None
    free = event.capacity - event.seats_taken
    if event.waiting_count:
        return ("wait", ngettext("Full, one party waits", "Full, %(num)d parties wait", event.waiting_count))
    if free <= 0:
        return ("wait", _("Full"))
    return ("yes", ngettext("One seat free", "%(num)d seats free", free)) if free <= 5 else None
