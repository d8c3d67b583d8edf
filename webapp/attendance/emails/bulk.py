"""The emails that many people get: reminders, hosts' messages, and invitations to an event."""

import uuid
from collections.abc import Collection

from ...accounts import blocks, reads as account_reads
from ...accounts.models import User
from ...core.extensions import db
from ...core.http import links
from ...core.time import clock
from ...events import access, change_notices
from ...events.models import Event, EventInvitation, EventNotice, Guest
from ...events.models.change_notice import DAY, HOUR
from ...invitations import opt_outs
from ...mail.emails import EmailContext, email_context
from ...notifications import preferences
from ...notifications.models import NOW
from ...notifications.notification_types import NOTIFICATION_TYPES, email_of
from .. import feedback, guest_links, guests, inviting, rsvps
from ..notice_audiences import REMINDED
from .answers import current_context, when_of


@email_of("events/nearing", "event.nearing")
def nearing(event: str, starts: str, **to: str) -> EmailContext | None:
    """The event is tomorrow."""
    return _reminder(to, event, starts, REMINDED[DAY])


@email_of("events/starting", "event.starting")
def starting(event: str, starts: str, **to: str) -> EmailContext | None:
    """The event begins in an hour."""
    return _reminder(to, event, starts, REMINDED[HOUR])


@email_of("events/over", "event.over")
def over(event: str, **to: str) -> EmailContext | None:
    """Ask for feedback. Not sent once feedback is closed or given."""
    about = current_context(to, event)
    if about is None or "rsvp" not in about:
        return None
    found, person = about["event"], about["user"]
    if (
        feedback.refusal_of(found, person, about["rsvp"]) is not None
        or feedback.of(found, person) is not None
    ):
        return None
    return _stoppable({**about, "url": f"{about['url']}/feedback", "attachments": ()})


@email_of("events/written", "event.written")
def written(event: str, notice: str, **to: str) -> EmailContext | None:
    """A host's message to people who answered. Replies go to the host if they chose so."""
    row, about = db.session.get(EventNotice, uuid.UUID(notice)), current_context(to, event)
    if (
        row is None
        or about is None
        or row.by is None
        or blocks.muted_or_blocked_by(row.by, [about["user"].id])
    ):
        return None
    return _stoppable(
        {
            **about,
            "message": row,
            "reply_to": row.by.email if row.replies_to_sender else None,
            "attachments": (),
        }
    )


@email_of("events/invited", "event.invited")
def invited(user: str, event: str, notice: str) -> EmailContext | None:
    """Someone invites a member.

    Not sent once they have answered, or if they opted out of such emails.
    """
    about = current_context({"user": user}, event)
    row = db.session.get(EventNotice, uuid.UUID(notice))
    if about is None or row is None or row.by is None or "rsvp" in about:
        return None
    if not inviting.still_invites(row):
        return None
    person, kind = about["user"], NOTIFICATION_TYPES["event.invited"]
    if blocks.muted_or_blocked_by(row.by, [person.id]) or access.is_banned(person, about["event"]):
        return None
    if (
        opt_outs.has_opted_out(*opt_outs.hashes_of(person.email))
        or preferences.channels([person], kind)[person.id] != NOW
    ):
        return None
    return {**about, "by": row.by, "message": row.body}


@email_context("events/invited_by_mail", to_strangers=True)
def invited_by_email(invitation: str) -> EmailContext | None:
    """Someone invites an address without an account: the link says who and to what, another opts
    out for good.
    """
    row = db.session.get(EventInvitation, uuid.UUID(invitation))
    if row is None or row.email is None or not inviting.still_invites(row.notice):
        return None
    if opt_outs.has_opted_out(*opt_outs.hashes_of(row.email)):
        return None
    guest = guests.of(row.event, row.email)
    if guest is not None and guest.confirmed_at is not None:
        return None
    event, person = row.event, account_reads.by_email(row.email)
    if person is not None and person.is_verified and _is_out_of_reach(row, person):
        return None
    if not (
        access.is_open_to_others(event)
        or (person is not None and person.is_verified and access.may_see(person, event))
    ):
        return None
    return {
        "facts": [when_of(event)],
        "url": links.absolute(inviting.path_of(row)),
        "unsubscribe_url": opt_outs.url(row.email),
    }


def _is_out_of_reach(row: EventInvitation, person: User) -> bool:
    """Whether this account has answered or was banned meanwhile, or blocked or muted the
    inviter.
    """
    answered = rsvps.of(row.event, person) is not None
    return (
        answered
        or access.is_banned(person, row.event)
        or bool(blocks.muted_or_blocked_by(row.by, [person.id]))
    )


def _reminder(
    to: dict[str, str], event: str, starts: str, states: Collection[str]
) -> EmailContext | None:
    """A reminder. Not sent once the event has begun, was moved, hidden or cancelled, or the answer
    changed.
    """
    about = current_context(to, event)
    if about is None or "rsvp" not in about or about["rsvp"].state not in states:
        return None
    found: Event = about["event"]
    if (
        not found.is_published
        or found.hidden_at is not None
        or found.starts_at.isoformat() != starts
    ):
        return None
    if found.starts_at <= clock.now():
        return None
    hours = change_notices.hours_of(found, about["user"].zone)
    return _stoppable({**about, "hours": hours, "attachments": ()})


def _stoppable(about: EmailContext) -> EmailContext | None:
    """Add an unsubscribe link for a guest, who has no settings; None if they have unsubscribed."""
    person = about["user"]
    if not isinstance(person, Guest):
        return about
    return (
        {**about, "unsubscribe_url": links.absolute(guest_links.unsubscribe_url(person))}
        if person.unsubscribed_at is None
        else None
    )
