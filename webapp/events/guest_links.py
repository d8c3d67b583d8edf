"""The address of a guest's own page: derived when a mail is written, kept nowhere, dead once another was asked for."""

from datetime import timedelta
from uuid import UUID

from ..core import clock, tokens
from ..core.extensions import db
from ..core.links import absolute
from .models import Guest

_PURPOSE = "events-guest"
#: A link by which nobody has answered is dead, and its row gone, after this.
UNCONFIRMED_FOR = timedelta(days=3)


def path(guest: Guest) -> str:
    """Where their page is."""
    return f"/guests/{guest.id}/{tokens.derive(_PURPOSE, guest.id, guest.nonce)}"


def url(guest: Guest) -> str:
    """The whole address, as mails hold it."""
    return absolute(path(guest))


def found(guest_id: UUID, token: str) -> Guest | None:
    """The guest whose page this is; None for every other address, such as one that a newer link has replaced."""
    guest = db.session.get(Guest, guest_id)
    if guest is None or not tokens.matches(token, _PURPOSE, guest.id, guest.nonce):
        return None
    return guest if guest.confirmed_at is not None or guest.created_at > clock.now() - UNCONFIRMED_FOR else None
