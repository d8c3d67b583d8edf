"""The emails about events and answers: their contexts, loaded at delivery."""

import uuid
from typing import Any

from flask_babel import gettext as _

from ...accounts import blocks
from ...accounts.models import User
from ...accounts.reads import recipient
from ...core import i18n
from ...core.extensions import db
from ...core.http import links
from ...core.time import clock, time_zones
from ...events import access, calendar, change_notices, date_format, hosts
from ...events.models import (
    ASKED,
    GOING,
    NOT_GOING,
    OFFERED,
    REFUSED,
    WAITING,
    Event,
    EventNotice,
    Guest,
    HostInvitation,
    Rsvp,
)
from ...events.notices import NOTICE
from ...groups.models import SECRET
from ...mail.emails import EmailChoice, EmailContext, decided_on_delivery, email_context
from ...notifications.notification_types import email_of
from .. import guest_links, guests, reads, rsvps, ticket_codes
from ..models import HostMessage


@email_of("events/answered", "rsvp.answered")
@email_of("events/approved", "rsvp.approved")
@email_of("events/hosted", "rsvp.hosted")
def answered(event: str, state: str, party: str, **to: str) -> EmailContext | None:
    """Your answer: as you gave it, as a host gave it for you, or after a host approved it.

    The attachment adds the event to the calendar or removes it. Not sent once the answer has
    changed.
    """
    return _about(to, event, state, party)


@email_of("events/waiting", "rsvp.answered")
@email_of("events/expired", "rsvp.expired")
def waiting(event: str, state: str, party: str, **to: str) -> EmailContext | None:
    """You are on the waiting list, or still on it because your offer went to the next party."""
    return _about(to, event, WAITING, party)


@email_of("events/asked", "rsvp.answered")
def asked(event: str, state: str, party: str, **to: str) -> EmailContext | None:
    """Confirm a request to join. Not sent once the hosts have answered."""
    return _about(to, event, ASKED, party)


@email_of("events/refused", "rsvp.refused")
def refused(event: str, state: str, party: str, **to: str) -> EmailContext | None:
    """The hosts declined the request. Not sent once they have changed their mind."""
    return _about(to, event, REFUSED, party)


@email_of("events/promoted", "rsvp.promoted")
def promoted(event: str, state: str, party: str, **to: str) -> EmailContext | None:
    """Seats became free: you are going."""
    return _about(to, event, GOING, party)


@email_of("events/offered", "rsvp.offered")
def offered(event: str, state: str, party: str, **to: str) -> EmailContext | None:
    """Seats are held for you until a deadline. Not sent once that has passed."""
    about = _about(to, event, OFFERED, party)
    if about is None or not about["event"].is_published:
        return None
    return about if about["rsvp"].offered_until > clock.now() else None


@email_of("events/published", "event.published")
@email_of("events/resumed", "event.resumed")
def published(event: str, **to: str) -> EmailContext | None:
    """Your group published an event, or one takes place after all.

    The attachment puts it back into the calendar. Not sent once the event is cancelled or has
    ended.
    """
    about = current_context(to, event)
    return (
        about if about and about["event"].is_published and not about["event"].is_finished else None
    )


@email_of("events/changed", "event.changed")
def changed(event: str, notice: str = "", **to: str) -> EmailContext | None:
    """The time or place changed: both before and now.

    Not sent if the change was reverted, or the event has ended.
    """
    about = current_context(to, event)
    if about is None or not about["event"].is_published or about["event"].is_finished:
        return None
    row = db.session.get(EventNotice, uuid.UUID(notice)) if notice else None
    before = row.words["before"] if row is not None else {}
    moved = set(change_notices.changes_since(before, about["event"])) if before else set()
    lines = change_notices.in_words(before, about["event"]) if before else []
    alone = moved.pop() if len(moved) == 1 else ""
    return {**about, "changes": lines, "moved": alone} if lines or row is None else None


@email_of("events/cancelled", "event.cancelled")
def cancelled(event: str, **to: str) -> EmailContext | None:
    """The event was cancelled, and why. The attachment removes it from the calendar."""
    about = current_context(to, event)
    return about if about and about["event"].is_cancelled else None


@email_of("events/released", "rsvp.released")
def released(event: str, **to: str) -> EmailContext | None:
    """The event is now for members of its group only. The attachment removes it from the calendar.

    Not sent to anyone who may see it again.
    """
    person, closed = reader_of(to), db.session.get(Event, uuid.UUID(event))
    if person is None or closed is None or closed.deleted_at or access.may_see(person, closed):
        return None
    visible_group = (
        closed.group if closed.group is not None and closed.group.visibility != SECRET else None
    )
    row = rsvps.of(closed, person)
    turns = row.calendar_turns if row is not None else 0
    file = calendar.attachment_for(closed, NOT_GOING, whole=False, turns=turns)
    url = links.absolute(visible_group.path if visible_group else "/events")
    about = {"user": person, "event": closed, "group": visible_group, "attachments": [file]}
    return {**page_of(person, closed), **about, "url": url}


@email_context(NOTICE)
def notice(event: str, kind: str, **to: str) -> EmailContext | None:
    """Email a guest what people with an account read in their inbox.

    Not sent once it no longer applies.
    """
    person, affected = reader_of(to), db.session.get(Event, uuid.UUID(event))
    if (
        person is None
        or affected is None
        or affected.deleted_at
        or (affected.hidden_at is None) is (kind == "event.hidden")
    ):
        return None
    return {
        "user": person,
        "event": affected,
        "kind": kind,
        "group": None,
        **page_of(person, affected),
    }


@email_of("events/message", "event.message")
def message(user: str, message: str) -> EmailContext | None:
    """Someone wrote to the hosts. Replies go to the sender.

    Not sent to anyone who no longer hosts the event or has blocked the sender.
    """
    host, sent = recipient(user), db.session.get(HostMessage, uuid.UUID(message))
    if (
        host is None
        or sent is None
        or not sent.who.is_active
        or not access.is_host(host, sent.event)
    ):
        return None
    if sent.user is not None and blocks.has_blocked(host, by=sent.user):
        return None
    return {
        "user": host,
        "event": sent.event,
        "sent": sent,
        "url": links.absolute(sent.event.path),
        "reply_to": sent.who.email,
    }


@email_of("events/host_asked", "host.asked")
def host_asked(user: str, invitation: str) -> EmailContext | None:
    """Someone invites them to host an event, until a deadline.

    Not sent once the invitation has ended, or to someone who has blocked the sender.
    """
    person, row = recipient(user), db.session.get(HostInvitation, uuid.UUID(invitation))
    if (
        person is None
        or row is None
        or not hosts.is_current(row)
        or blocks.has_blocked(person, by=row.by)
    ):
        return None
    until, url = (
        i18n.day(row.expires_at, person.zone),
        links.absolute(f"{row.event.path}/hosting"),
    )
    facts = [(_("When"), date_format.whole(row.event)), (_("Where"), row.event.venue)]
    shown = [fact for fact in facts if fact[1]]
    return {
        "user": person,
        "event": row.event,
        "invitation": row,
        "until": until,
        "url": url,
        "facts": shown,
    }


def current_context(to: dict[str, str], event_id: str) -> EmailContext | None:
    """Return the current event for someone who may see it, with their answer if they gave one."""
    user, event = _of(to, event_id)
    if user is None or event is None:
        return None
    rsvp = rsvps.of(event, user)
    if rsvp is not None:
        return _context(user, event, rsvp)
    return {
        "user": user,
        "event": event,
        **page_of(user, event),
        "facts": facts_of(user, event, ""),
    }


def _about(to: dict[str, str], event_id: str, state: str, party: str) -> EmailContext | None:
    """Return the current event and answer; None if the answer has changed since the email was
    queued.
    """
    user, event = _of(to, event_id)
    if user is None or event is None:
        return None
    rsvp = rsvps.of(event, user)
    if rsvp is None or (rsvp.state, str(rsvp.party)) != (state, party):
        return None
    return _context(user, event, rsvp)


def _of(to: dict[str, str], event_id: str) -> tuple[User | Guest | None, Event | None]:
    """Return the reader, and the event if they may see it."""
    user, event = reader_of(to), db.session.get(Event, uuid.UUID(event_id))
    return user, event if user is not None and event is not None and access.may_see(
        user, event
    ) else None


def reader_of(to: dict[str, str]) -> User | Guest | None:
    """Return the recipient: `user` names an account, `guest` a guest."""
    return db.session.get(Guest, uuid.UUID(to["guest"])) if "guest" in to else recipient(to["user"])


def page_of(user: User | Guest, event: Event) -> dict[str, str]:
    """Return the link to the event and the reader's answer; for guests also the link to delete
    their data.
    """
    if isinstance(user, Guest):
        return {"url": guest_links.url(user), "erasure_url": f"{guest_links.url(user)}/deletion"}
    return {"url": links.absolute(event.path)}


def _context(user: User | Guest, event: Event, rsvp: Rsvp) -> dict[str, Any]:
    online_url = access.online_url_for(user, event, rsvp)
    return {
        "user": user,
        "event": event,
        "rsvp": rsvp,
        **page_of(user, event),
        "online_url": online_url,
        "waitlist_position": reads.position_of(event, rsvp),
        "facts": facts_of(user, event, online_url) + _ticket(user, event, rsvp),
        "attachments": [
            calendar.attachment_for(event, rsvp.state, online_url, turns=rsvp.calendar_turns)
        ],
    }


def _ticket(user: User | Guest, event: Event, rsvp: Rsvp) -> list[tuple[str, str]]:
    """The ticket code and the link to the ticket, for people going to an event with check-in."""
    if rsvp.state != GOING or not event.has_check_in or event.is_cancelled or event.is_finished:
        return []
    return [
        (_("Ticket"), f"{ticket_codes.code_of(rsvp.id)} · {page_of(user, event)['url']}/ticket")
    ]


def facts_of(user: User | Guest, event: Event, online_url: str) -> list[tuple[str, str]]:
    """When, in the event's zone and in the reader's if they differ, and where."""
    facts = when_and_where(event)
    if date_format.differs(event, user.zone):
        facts.insert(1, (_("Your time"), _at(event, user.zone)))
    if online_url:
        facts.append((_("Online"), online_url))
    return facts


def when_and_where(event: Event) -> list[tuple[str, str]]:
    """When and where, for anyone who may know of the event."""
    facts = [when_of(event)]
    return [*facts, (_("Where"), event.venue)] if event.venue else facts


def when_of(event: Event) -> tuple[str, str]:
    """When, in the event's zone."""
    return _("When"), _at(event, event.zone)


def _at(event: Event, zone: str) -> str:
    return (
        date_format.whole(event)
        if event.is_all_day
        else f"{date_format.whole(event, zone)} ({time_zones.place_of(zone)})"
    )


@decided_on_delivery("events/guest_asked")
def guest_asked(address: str, _locale: str, event: str) -> EmailChoice | None:
    """Send a guest their link, or tell an account that it can sign in to answer."""
    about = db.session.get(Event, uuid.UUID(event))
    who = guests.choose_email(about, address) if about is not None else None
    if who is None:
        return None
    if isinstance(who, Guest):
        template = "events/guest_link" if who.confirmed_at else "events/guest_asks"
        return EmailChoice(template, who.locale, {"guest": who.id})
    return EmailChoice("events/guest_known", who.locale, {"user": who.id, "event": event})


@email_context("events/guest_asks", to_strangers=True)
def guest_asks(guest: str) -> EmailContext | None:
    """The link with which a guest answers for the first time. Not sent if nobody can any more."""
    person = db.session.get(Guest, uuid.UUID(guest))
    if person is None:
        return None
    event = person.event
    if rsvps.closed_because(event) or not access.can_answer(person, event):
        return None
    return {"facts": [when_of(event)], "url": guest_links.url(person)}


@email_context("events/guest_link")
def guest_link(guest: str) -> EmailContext | None:
    """A new link to the page of a guest who has answered."""
    person = db.session.get(Guest, uuid.UUID(guest))
    if person is None or person.confirmed_at is None:
        return None
    event = person.event
    is_visible = access.may_see(person, event)
    return {
        "user": person,
        "event": event,
        "group": event.group if is_visible else None,
        "facts": facts_of(person, event, "") if is_visible else [],
        "url": guest_links.url(person),
    }


@email_context("events/guest_known")
def guest_known(user: str, event: str) -> EmailContext | None:
    """Someone gave an account's address as a guest: it can answer by signing in."""
    person, about = recipient(user), db.session.get(Event, uuid.UUID(event))
    if person is None or about is None or not access.may_see(person, about):
        return None
    return {"user": person, "event": about, "url": links.absolute(f"{about.path}/rsvp")}
