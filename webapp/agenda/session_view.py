"""A session as one person sees it: their seats, what they can do, clashes, and labels of
buttons.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from flask_babel import gettext as _, ngettext
from markupsafe import Markup
from werkzeug.exceptions import NotFound

from ..attendance import guest_links
from ..core.ui.template_globals import avatar
from ..events import access, date_format
from ..events.list_rows import how_full
from ..events.models import GOING, OFFERED, SEATED_OR_WAITING, WAITING, Event, Guest
from . import bookings, reads as reads
from .models import AgendaSession, Booking, Speaker
from .reads import Slot

#: The kind and text of a chip.
Chip = tuple[str, str]


def agenda_for(user: Any, slug: str) -> Event:
    """Return the event with this slug. Raises NotFound unless `user` is a host or the agenda is
    published.
    """
    return shown_to(user, access.event_for(user, slug))


def shown_to(user: Any, event: Event) -> Event:
    """Return the event if `user`, possibly a guest, may see its agenda. Raises NotFound."""
    if event.agenda_published_at is None and not access.can_edit(user, event):
        raise NotFound()
    return event


def reader_context(who: Any, event: Event) -> dict[str, Any]:
    """Return what every page of an agenda needs about its reader: base URL, zone and guest."""
    guest = who if isinstance(who, Guest) else None
    return {
        "event": event,
        "guest": guest,
        "base": guest_links.base_for(who, event),
        "zone": getattr(who, "zone", None),
    }


@dataclass(frozen=True)
class SessionView:
    """A session for one person."""

    booking: Booking | None
    position: int | None
    closed: str | None
    #: How many people they bring to the event, themselves included; 0 if they aren't going.
    party: int
    #: Other sessions they have chosen at the same time.
    clashes: list[AgendaSession]
    can_edit: bool

    @property
    def state(self) -> str | None:
        """Their state: a seat, an offer, the waiting list, or None."""
        return (
            self.booking.state
            if self.booking is not None and self.booking.state in SEATED_OR_WAITING
            else None
        )


def view_for(user: Any, session: AgendaSession) -> SessionView:
    """Return the view of the session for `user`, a visitor or a guest."""
    answer, chosen = reads.answer_of(session.event, user), reads.chosen_by(session.event, user)
    mine = chosen.get(session.id)
    others = [
        row.session
        for row in chosen.values()
        if row.session_id != session.id and row.session.cancelled_at is None
    ]
    clashes = [
        one for one in others if one.starts_at < session.ends_at and session.starts_at < one.ends_at
    ]
    return SessionView(
        booking=mine,
        position=reads.position_in(mine),
        closed=bookings.closed_because(session),
        party=answer.party if answer is not None and answer.state == GOING else 0,
        clashes=sorted(clashes, key=lambda one: one.starts_at),
        can_edit=access.can_edit(user, session.event),
    )


def own_chip(booking: Booking | None, position: int | None = None) -> Chip | None:
    """Return a chip for someone's booking."""
    if booking is None:
        return None
    if booking.state == GOING:
        return ("yes", ngettext("On your agenda", "On your agenda · %(num)d people", booking.party))
    if booking.state == OFFERED:
        return (
            "wait",
            ngettext(
                "We’re holding a seat for you", "We’re holding %(num)d seats for you", booking.party
            ),
        )
    if booking.state == WAITING and position:
        return ("wait", _("You’re number %(place)s on the waiting list", place=position))
    return ("wait", _("You’re on the waiting list"))


def seats_chip(session: Any) -> Chip | None:
    """Return a chip for how full the session is, if its seats are limited."""
    if session.seats_free is None or session.cancelled_at is not None:
        return None
    return _how_full(session.seats_free, session.waiting_count)


def _how_full(free: int, waiting: int) -> Chip:
    """Return the chip of an event, plain for free seats: most sessions of an agenda have some."""
    kind, words = how_full(free, waiting)
    return ("" if free else kind, words)


class SessionLabels:
    """Labels of the sessions in a day's table. Each text is made once: hundreds of sessions have
    the same times and are equally full.
    """

    def __init__(self, chosen: Mapping[Any, Booking], zone: str | None) -> None:
        self._chosen, self._zone = chosen, zone
        self._how_full = cache(_how_full)
        self._hours: dict[tuple[datetime, datetime], tuple[str, str]] = {}

    def hours(self, one: Slot) -> tuple[str, str]:
        """Return its time in the event's zone, and its start in the reader's if that differs."""
        ends = one.starts_at, one.ends_at
        if ends not in self._hours:
            own = (
                date_format.own_start(one, self._zone)
                if self._zone and date_format.differs(one, self._zone)
                else ""
            )
            self._hours[ends] = date_format.hours(one), own
        return self._hours[ends]

    def own(self, one: Slot) -> Chip | None:
        """Return the chip of the reader's booking."""
        return own_chip(self._chosen.get(one.id))

    def seats(self, one: Slot) -> Chip | None:
        """Return the chip for how full it is, if its seats are limited."""
        return (
            self._how_full(one.seats_free, one.waiting_count)
            if one.seats_free is not None
            else None
        )


def button_label(session: AgendaSession, party: int) -> str:
    """Return the label of the button for someone without a booking."""
    free = session.seats_free
    if free is None:
        return _("Add to my agenda")
    return ngettext("Take a seat", "Take seats", party) if free else _("Join waiting list")


def speaker_face(speaker: Speaker, size: str = "") -> Markup:
    """Return the speaker's picture, or their initials."""
    if speaker.picture is None:
        return avatar(speaker.id, speaker.name, size)
    at = f"{speaker.path}/picture/{speaker.picture}"
    wide = {"large": 96, "huge": 256}.get(size, 48)
    return avatar(
        speaker.id, speaker.name, size, False, f"{at}/{wide}", f"{at}/{min(256, 2 * wide)} 2x"
    )
