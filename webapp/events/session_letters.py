"""The letters about sessions of an agenda: seats that came free, another time or room, a
cancellation.
"""

import uuid

from flask_babel import gettext as _

from ..core import times
from ..core.extensions import db
from ..mail.letters import Context, letter
from . import access, when
from .agenda import bookings
from .letters import page_of, reader_of
from .models import GOING, OFFERED, WAITING, AgendaSession, Booking

#: What somebody's booking must still be for the letter to have a point; the others ask what has
#: become of the session.
STANDS = {"session.promoted": GOING, "session.offered": OFFERED, "session.expired": WAITING}


@letter("events/session")
def session(session: str, what: str, state: str = "", **to: str) -> Context | None:
    """What happened to a session of theirs, or to their place in it.

    Pointless once it is no longer so.
    """
    person, about = reader_of(to), db.session.get(AgendaSession, uuid.UUID(session))
    if person is None or about is None or not access.may_see(person, about.event):
        return None
    booking = bookings.of(about, person)
    if booking is None or not _is_so(about, booking, what):
        return None
    page = page_of(person, about.event)
    named = {"session": about, "event": about.event, "booking": booking, "what": what}
    return {
        "user": person,
        **named,
        **page,
        "facts": _facts(about, person.zone),
        "url": f"{page['url']}/agenda/{about.id}",
    }


def _is_so(session: AgendaSession, booking: Booking, what: str) -> bool:
    if what == "session.cancelled":
        return session.cancelled_at is not None
    if session.cancelled_at is not None or not session.event.is_published:
        return False
    return booking.state == STANDS[what] if what in STANDS else booking.state in bookings.PRESENT


def _facts(session: AgendaSession, zone: str) -> list[tuple[str, str]]:
    facts = [(_("When"), f"{when.both_ends(session)} ({times.place_of(session.zone)})")]
    if when.differs(session, zone):
        facts.append((_("For you"), f"{when.both_ends(session, zone)} ({times.place_of(zone)})"))
    if session.room is not None:
        facts.append((_("Where"), session.room.name))
    return [*facts, (_("Event"), session.event.title)]
