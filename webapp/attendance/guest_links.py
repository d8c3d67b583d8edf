"""The address of a guest's own page: derived when an email is written, kept nowhere, dead once
another was asked for.
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
#: A link by which nobody has answered is dead, and its row gone, after this.
UNCONFIRMED_FOR = timedelta(days=3)


def path(guest: Guest) -> str:
    """Where their page is."""
    return f"/guests/{guest.id}/{tokens.derive(_PURPOSE, guest.id, guest.nonce)}"


def base_for(who: Any, event: Event) -> str:
    """With what the addresses begin under which `who` does something at the event: a guest's own
    page, the event's for others.
    """
    return path(who) if isinstance(who, Guest) else event.path


def url(guest: Guest) -> str:
    """The whole address, as emails hold it."""
    return absolute(path(guest))


def unsubscribe_url(guest: Guest) -> str:
    """Where they stop reminders and what hosts write; the address outlives the link to their
    page.
    """
    return f"/guests/{guest.id}/{tokens.derive(_SILENCE, guest.id, guest.email)}/silence"


def find_unsubscribing(guest_id: UUID, token: str) -> Guest | None:
    """The guest whose way out this is; None for every other address."""
    guest = db.session.get(Guest, guest_id)
    return (
        guest
        if guest is not None and tokens.matches(token, _SILENCE, guest.id, guest.email)
        else None
    )


def is_replaced(guest_id: UUID) -> bool:
    """Whether a newer link leads to this guest's page: nobody has taken it over, or deleted it,
    and it is not too old.
    """
    guest = db.session.get(Guest, guest_id)
    return guest is not None and _lives(guest)


def find(guest_id: UUID, token: str) -> Guest | None:
    """The guest whose page this is; None for every other address, such as one that a newer link
    has replaced.
    """
    guest = db.session.get(Guest, guest_id)
    if guest is None or not tokens.matches(token, _PURPOSE, guest.id, guest.nonce):
        return None
    return guest if _lives(guest) else None


def _lives(guest: Guest) -> bool:
    return guest.confirmed_at is not None or guest.created_at > clock.now() - UNCONFIRMED_FOR
