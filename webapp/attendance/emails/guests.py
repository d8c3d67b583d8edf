"""The letters that lead to a guest's own page, or to the sign-in where the address has an
account.
"""

import uuid

from ...accounts.reads import reader
from ...core import links
from ...core.extensions import db
from ...events import access
from ...events.models import Event, Guest
from ...mail.letters import Context, Which, letter, undecided
from .. import guest_links, guests, rsvps
from .answers import facts_of


@undecided("events/guest_asked")
def guest_asked(address: str, _locale: str, event: str) -> Which | None:
    """The guest's link; or, to an account, that it can answer by signing in."""
    about = db.session.get(Event, uuid.UUID(event))
    who = guests.deciding(about, address) if about is not None else None
    if who is None:
        return None
    if isinstance(who, Guest):
        return Which("events/guest_link", who.locale, {"guest": who.id})
    return Which("events/guest_known", who.locale, {"user": who.id, "event": event})


@letter("events/guest_link")
def guest_link(guest: str) -> Context | None:
    """The way to their page; for those who have not answered yet pointless where nobody can."""
    person = db.session.get(Guest, uuid.UUID(guest))
    if person is None:
        return None
    event = person.event
    if person.confirmed_at is None and (
        rsvps.closed_because(event) or not access.can_answer(person, event)
    ):
        return None
    seen = access.may_see(person, event)
    facts = facts_of(person, event, "") if seen else []
    return {
        "user": person,
        "event": event,
        "facts": facts,
        "url": guest_links.url(person),
        "is_new": person.confirmed_at is None,
    }


@letter("events/guest_known")
def guest_known(user: str, event: str) -> Context | None:
    """To an account's address that somebody gave as a guest: that it can answer by signing in."""
    person, about = reader(user), db.session.get(Event, uuid.UUID(event))
    if person is None or about is None or not access.may_see(person, about):
        return None
    return {"user": person, "event": about, "url": links.absolute(f"{about.path}/rsvp")}
