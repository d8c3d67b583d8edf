"""The emails that lead to a guest's own page, or to the sign-in where the address has
an account."""

import uuid

from ...accounts.reads import reader
from ...core.extensions import db
from ...core.http import links
from ...events import access
from ...events.models import Event, Guest
from ...mail.emails import EmailChoice, EmailContext, decided_on_delivery, email_context
from .. import guest_links, guests, rsvps
from .answers import facts_of


@decided_on_delivery("events/guest_asked")
def guest_asked(address: str, _locale: str, event: str) -> EmailChoice | None:
    """The guest's link; or, to an account, that it can answer by signing in."""
    about = db.session.get(Event, uuid.UUID(event))
    who = guests.deciding(about, address) if about is not None else None
    if who is None:
        return None
    if isinstance(who, Guest):
        return EmailChoice("events/guest_link", who.locale, {"guest": who.id})
    return EmailChoice("events/guest_known", who.locale, {"user": who.id, "event": event})


@email_context("events/guest_link")
def guest_link(guest: str) -> EmailContext | None:
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


@email_context("events/guest_known")
def guest_known(user: str, event: str) -> EmailContext | None:
    """To an account's address that someone gave as a guest: that it can answer by signing in."""
    person, about = reader(user), db.session.get(Event, uuid.UUID(event))
    if person is None or about is None or not access.may_see(person, about):
        return None
    return {"user": person, "event": about, "url": links.absolute(f"{about.path}/rsvp")}
