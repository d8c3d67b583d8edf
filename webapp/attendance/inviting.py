"""Invite members who haven't answered, all or some, or email addresses. Nobody is invited twice.

An email is queued for every address. Whether it is sent (opted out, blocked, answered) is decided
at delivery, so that the inviter doesn't learn whose address it is.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from ..accounts.models import User
from ..core.db.base import new_id
from ..core.db.session import locked
from ..core.extensions import db
from ..core.http import tokens
from ..core.http.errors import UserError
from ..core.observability import audit
from ..core.text.strings import folded, like_pattern
from ..core.time import clock
from ..events import access, audience, change_notices, notices
from ..events.models import Event, EventInvitation, EventNotice, Rsvp
from ..events.models.change_notice import INVITED, MEMBERS
from ..invitations import allowances, opt_outs
from ..invitations.inviting import MOST_AT_ONCE, too_many, users_of
from ..mail import outbox
from . import rsvps

_PURPOSE = "event-invitation"
#: Addresses of one event in 24 hours.
MOST_A_DAY = 500


def invite_members(
    event: Event, by: User, message: str = "", id: UUID | None = None
) -> EventNotice:
    """Invite every member of the group who has neither answered nor been invited."""
    event = _held(event)
    if event.group is None:
        raise UserError(_("This event isn’t part of a group. Invite people by email."))
    if not unanswered_count(event, by):
        raise UserError(_("Everyone in the group has answered or been invited already."))
    row = change_notices.send(event, MEMBERS, by, body=message, id=id)
    audit.record("event_invitation.sent", by=by, subject=event, number=row.total)
    return row


def invite_chosen(
    event: Event, by: User, chosen: Sequence[UUID], message: str = "", id: UUID | None = None
) -> EventNotice:
    """Invite these members of the group, except those who have answered or been invited
    meanwhile.
    """
    event = _held(event)
    if len(chosen) > MOST_AT_ONCE:
        raise UserError(
            _("You can invite up to %(most)s people at a time.", most=MOST_AT_ONCE), "who"
        )
    silent = (
        unanswered_members(event, EventNotice(event_id=event.id, by_id=by.id))
        if event.group is not None
        else None
    )
    people = (
        db.session.scalars(silent.where(User.id.in_(chosen))).all() if silent is not None else []
    )
    if not people:
        raise UserError(_("Choose at least one person to invite."), "who")
    row = change_notices.send(event, INVITED, by, body=message, id=id)
    made = [
        EventInvitation(id=new_id(), event_id=event.id, news_id=row.id, by_id=by.id, user_id=one.id)
        for one in people
    ]
    db.session.add_all(made)
    row.total = len(made)
    audit.record("event_invitation.sent", by=by, subject=event, number=row.total)
    change_notices.signal_progress(event)
    return row


def invite(
    event: Event,
    by: User,
    addresses: Sequence[str],
    message: str = "",
    reached: Callable[[str], bool] = lambda _address: True,
    id: UUID | None = None,
) -> EventNotice:
    """Invite each address, except those invited before and those that can't be `reached` now."""
    by = locked(User, by.id)  # the daily limit counts what they send for all of their events
    event = _held(event)
    if not access.is_open_to_others(event):
        raise UserError(
            _("This event is for the group’s members. Only they can be invited."), "addresses"
        )
    before = invited_before(event, addresses)
    fresh = [address for address in dict.fromkeys(addresses) if address not in before]
    if not fresh:
        raise UserError(
            _("Everyone on this list has already been invited."),
            "addresses",
        )
    _refuse_too_many(event, by, fresh)
    fresh = _those(fresh, reached)
    row = change_notices.send(event, INVITED, by, body=message, id=id)
    for address in fresh:
        identity = {"email": address, "address_hash": opt_outs.hash_of(address)}
        db.session.add(
            EventInvitation(id=new_id(), event_id=event.id, news_id=row.id, by_id=by.id, **identity)
        )
    row.total = len(fresh)
    audit.record("event_invitation.sent", by=by, subject=event, number=row.total)
    change_notices.signal_progress(event)
    return row


def _those(addresses: Sequence[str], reached: Callable[[str], bool]) -> list[str]:
    """Return the addresses that can be emailed now. Raises UserError if there are none."""
    found = [address for address in addresses if reached(address)]
    if not found:
        raise UserError(
            _(
                "These addresses have just been sent several emails from this site. Invite them in "
                "an hour."
            ),
            "addresses",
        )
    return found


def path_of(invitation: EventInvitation) -> str:
    """Return the path of the invitation's page, which names nobody and nothing."""
    secret = tokens.derive(_PURPOSE, invitation.id, invitation.address_hash or "")
    return f"/event-invitations/{invitation.id}/{secret}"


def find(invitation_id: UUID, secret: str) -> EventInvitation:
    """Return the invitation of this link. Raises NotFound."""
    row = db.session.get(EventInvitation, invitation_id)
    if row is None or not tokens.matches(secret, _PURPOSE, row.id, row.address_hash or ""):
        raise NotFound()
    return row


def still_invites(row: EventNotice) -> bool:
    """Whether people can still come to the event, and who invited them is still here."""
    event = row.event
    return (
        event.deleted_at is None
        and event.hidden_at is None
        and event.is_published
        and not event.is_finished
        and row.by is not None
        and row.by.is_active
    )


def closed_because(event: Event) -> str | None:
    """Return why nobody can be invited now, as a sentence; None if people can."""
    if event.is_cancelled:
        return _("This event is cancelled.")
    if event.hidden_at is not None:
        return _("Moderators have hidden this event, so you can’t invite anyone.")
    if not event.is_published:
        return _("Publish the event first, so that people can see it.")
    if event.is_finished:
        return _("This event has ended, so you can’t invite anyone.")
    return None


def _held(event: Event) -> Event:
    event = locked(Event, event.id)
    refusal = closed_because(event)
    if refusal is not None:
        raise UserError(refusal)
    return event


def _refuse_too_many(event: Event, by: User, addresses: Sequence[str]) -> None:
    if len(addresses) > MOST_AT_ONCE:
        raise UserError(too_many(len(addresses)), "addresses")
    allowances.refuse_more(by, len(addresses))
    since = clock.now() - allowances.DAY
    left = MOST_A_DAY - (db.session.scalar(_sent(since, EventInvitation.event_id == event.id)) or 0)
    if len(addresses) > left:
        raise UserError(allowances.too_many_today(MOST_A_DAY, left), "addresses")


def _sent(since: datetime, whose: sa.ColumnElement[bool]) -> sa.Select[Any]:
    emails = sa.select(sa.func.count(EventInvitation.id)).where(whose)
    return emails.where(
        EventInvitation.address_hash.is_not(None), EventInvitation.created_at > since
    )


def sent_by(user: User, since: datetime) -> sa.ScalarSelect[int]:
    """Return how many addresses they have invited to events since then, as a subquery."""
    return _sent(since, EventInvitation.by_id == user.id).scalar_subquery()


def invited_before(event: Event, addresses: Sequence[str]) -> dict[str, EventInvitation]:
    """Return the invitations of those addresses that have been invited before."""
    by_hash = {digest: address for address in addresses for digest in opt_outs.hashes_of(address)}
    rows = sa.select(EventInvitation).where(EventInvitation.event_id == event.id)
    rows = rows.where(EventInvitation.address_hash.in_(list(by_hash)))
    return {by_hash[row.address_hash or ""]: row for row in db.session.scalars(rows)}


def unanswered_count(event: Event, by: User) -> int:
    """Return how many members of the group have neither answered nor been invited."""
    return change_notices.recipient_count(EventNotice(event=event, kind=MEMBERS, by_id=by.id))


def unanswered_members(event: Event, row: EventNotice) -> sa.Select[Any]:
    """Select the members who have neither answered nor been invited: a statement of User."""
    invited = sa.exists().where(
        EventInvitation.event_id == event.id, EventInvitation.user_id == User.id
    )
    return audience.members_of(event, but=row.by_id).where(~_has_answered(event), ~invited)


def _has_answered(event: Event) -> sa.ColumnElement[bool]:
    """The condition on User that they have answered the event."""
    return sa.exists().where(Rsvp.event_id == event.id, Rsvp.user_id == User.id)


def listed(event: Event, row: EventNotice) -> sa.Select[Any]:
    """Select the invitations of this batch that haven't been sent: a statement of
    EventInvitation.
    """
    return sa.select(EventInvitation).where(
        EventInvitation.news_id == row.id, EventInvitation.sent_at.is_(None)
    )


def notify_members(event: Event, row: EventNotice, people: Sequence[User]) -> None:
    """Create an invitation for each, and notify them as they chose."""
    now, made = clock.now(), {}
    for person in people:
        made[person.id] = EventInvitation(
            id=new_id(),
            event_id=event.id,
            news_id=row.id,
            by_id=row.by_id,
            user_id=person.id,
            sent_at=now,
        )
    db.session.add_all(made.values())
    if row.by is not None:
        notices.invited(event, people, row.by, row.id)


def email_addresses(event: Event, row: EventNotice, invitations: Sequence[EventInvitation]) -> None:
    """Queue an email to each address, with an inbox line for accounts. Notify members as they
    chose.
    """
    chosen = [one.user_id for one in invitations if one.user_id is not None]
    members = audience.members_of(event).where(User.id.in_(chosen), ~_has_answered(event))
    if row.by is not None:
        notices.invited(event, db.session.scalars(members).all(), row.by, row.id)
    by_address = users_of([one.email for one in invitations if one.email])
    for one in invitations:
        one.sent_at = clock.now()
        if one.user_id is not None:
            continue
        person = by_address.get(one.email or "")
        if person is None:
            one.outgoing_email = outbox.enqueue_email(
                "events/invited_by_mail",
                to=one.email or "",
                locale=one.by.locale,
                invitation=one.id,
            )
            continue
        ids = {"user": person.id, "event": event.id, "notice": row.id}
        one.outgoing_email = outbox.enqueue_email(
            "events/invited", to=person.email, locale=person.locale, **ids
        )
        if not _is_settled(event, person):
            notices.invited(event, [person], one.by, row.id, emailed=False)


def _is_settled(event: Event, person: User) -> bool:
    """Whether the person has answered, is banned, or can't see the event."""
    return (
        not access.may_see(person, event)
        or access.is_banned(person, event)
        or rsvps.of(event, person) is not None
    )


#: People shown besides those already chosen.
SHOWN = 40


def find_members(
    event: Event, by: User, words: str, chosen: Sequence[UUID]
) -> tuple[list[User], bool]:
    """Return the chosen people, then those found by name, and whether there are more. One
    statement.
    """
    is_chosen = User.id.in_(chosen)
    called = sa.and_(
        *(User.search_text.like(like_pattern(word), escape="\\") for word in folded(words).split()),
        sa.true(),
    )
    query = unanswered_members(event, EventNotice(event_id=event.id, by_id=by.id)).where(
        sa.or_(is_chosen, called)
    )
    first = sa.case((is_chosen, 0), else_=1)
    most = SHOWN + len(chosen)
    found = list(
        db.session.scalars(query.order_by(first, User.search_text, User.id).limit(most + 1))
    )
    return found[:most], len(found) > most
