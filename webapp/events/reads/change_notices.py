"""What hosts see of notices about their event, and of their invitations."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from ...accounts import blocks
from ...accounts.models import User
from ...core.db.session import constant, one_or_404
from ...core.extensions import db
from ...core.http.pages import Page
from ...invitations.reads import DELIVERIES, SENT
from ...mail.models import OutgoingEmail
from ..models import Event, EventInvitation, EventNotice, Rsvp
from ..models.change_notice import CHANGED, INVITED, MEMBERS, running, waiting

SIZE = 20


def notices_of(event: Event, number: int = 1) -> Page:
    """Return a page of notices, latest first, with their authors."""
    loaded = (joinedload(EventNotice.by), joinedload(EventNotice.fan_out))
    query = sa.select(EventNotice).options(*loaded).where(EventNotice.event_id == event.id)
    total = (
        db.session.scalar(
            sa.select(sa.func.count())
            .select_from(EventNotice)
            .where(EventNotice.event_id == event.id)
        )
        or 0
    )
    latest = query.order_by(EventNotice.created_at.desc(), EventNotice.id.desc())
    return Page(
        list(db.session.scalars(latest.limit(SIZE).offset((number - 1) * SIZE))),
        total,
        number,
        SIZE,
    )


def of_event(event: Event, notice_id: UUID) -> EventNotice:
    """Return this event's notice with this id. Raises NotFound."""
    return one_or_404(
        sa.select(EventNotice).where(EventNotice.id == notice_id, EventNotice.event_id == event.id)
    )


def running_invitations(event: Event) -> list[EventNotice]:
    """Return the invitations that are being sent, latest first."""
    latest = running(event, INVITED, MEMBERS).order_by(EventNotice.created_at.desc())
    return list(db.session.scalars(latest))


def is_change_waiting(event: Event) -> bool:
    """Whether a notice of a new time or place is about to be sent."""
    return bool(db.session.scalar(sa.select(waiting(event, CHANGED).exists())))


def invited_to(event: Event, number: int = 1) -> Page:
    """Return a page of invitations, latest first, as (invitation, status of its email, a member's
    answer).

    The answer of someone invited by email isn't included: it would reveal whose address it is.
    """
    query = sa.select(EventInvitation, OutgoingEmail.state, Rsvp.state).outerjoin(
        EventInvitation.user
    )
    query = query.options(contains_eager(EventInvitation.user), joinedload(EventInvitation.by))
    query = query.outerjoin(OutgoingEmail, OutgoingEmail.id == EventInvitation.outgoing_email_id)
    query = query.outerjoin(
        Rsvp, sa.and_(Rsvp.event_id == event.id, Rsvp.user_id == EventInvitation.user_id)
    )
    query = query.where(EventInvitation.event_id == event.id).order_by(EventInvitation.id.desc())
    counted = (
        sa.select(sa.func.count())
        .select_from(EventInvitation)
        .where(EventInvitation.event_id == event.id)
    )
    rows = db.session.execute(query.limit(SIZE).offset((number - 1) * SIZE)).all()
    items = [(one, DELIVERIES.get(state or "", SENT), answer) for one, state, answer in rows]
    return Page(items, db.session.scalar(counted) or 0, number, SIZE)


def first_inviter(event_id: Any, reader: Any, address: Any) -> sa.Select[tuple[User]]:
    """Select who first invited the reader, by account or by their verified address; not people they
    blocked.
    """
    mine = sa.or_(EventInvitation.user_id == reader, EventInvitation.email == address)
    query = sa.select(User).join(EventInvitation, EventInvitation.by_id == User.id)
    query = query.where(
        EventInvitation.event_id == event_id, mine, EventInvitation.sent_at.is_not(None)
    )
    query = query.where(
        User.deactivated_at.is_(None), ~blocks.blockers_of(EventInvitation.by_id, reader)
    )
    return query.order_by(EventInvitation.id).limit(constant(1))
