"""Signed links to guests' pages: derived for each email, never stored, invalid after a
newer one.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from ..core.extensions import db
from ..core.http import tokens
from ..core.http.links import absolute
from ..core.time import clock
from ..events.models import Event, Guest

_PURPOSE, _SILENCE = "events-guest", "events-guest-silence"
#: A link that nobody has used to answer expires after this, and its row is deleted.
UNCONFIRMED_FOR = timedelta(days=3)


def path(guest: Guest) -> str:
    """Return the path of the guest's page."""
    return f"/guests/{guest.id}/{tokens.derive(_PURPOSE, guest.id, guest.nonce)}"


def base_for(who: Any, event: Event) -> str:
    """Return the prefix of paths for actions of `who`: a guest's own page, or else the event's."""
    return path(who) if isinstance(who, Guest) else event.path


def url(guest: Guest) -> str:
    """Return the absolute URL, for emails."""
    return absolute(path(guest))


def unsubscribe_url(guest: Guest) -> str:
    """Return the link to stop reminders and hosts' messages. It outlives the link to their page."""
    return f"/guests/{guest.id}/{tokens.derive(_SILENCE, guest.id, guest.email)}/silence"


def find_unsubscribing(guest_id: UUID, token: str) -> Guest | None:
    """Return the guest with this unsubscribe link, or None."""
    guest = db.session.get(Guest, guest_id)
    return (
        guest
        if guest is not None and tokens.matches(token, _SILENCE, guest.id, guest.email)
        else None
    )


def is_replaced(guest_id: UUID) -> bool:
    """Whether an old link can be renewed: the guest exists and hasn't expired."""
    guest = db.session.get(Guest, guest_id)
    return guest is not None and _lives(guest)


def find(guest_id: UUID, token: str) -> Guest | None:
    """Return the guest with this link; None if it is wrong or a newer one has replaced it."""
    guest = db.session.get(Guest, guest_id)
    if guest is None or not tokens.matches(token, _PURPOSE, guest.id, guest.nonce):
        return None
    return guest if _lives(guest) else None


def _lives(guest: Guest) -> bool:
    return guest.confirmed_at is not None or guest.created_at > clock.now() - UNCONFIRMED_FOR
