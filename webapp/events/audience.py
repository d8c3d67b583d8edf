"""Whom an event's news reaches."""

import uuid

import sqlalchemy as sa

from ..accounts.models import User
from ..core.extensions import db
from ..groups.models import Membership
from .models import NOT_GOING, Event, Rsvp


def members_to_tell(event: Event) -> list[User]:
    """The active members of the event's group."""
    chosen = sa.select(User).join(Membership, Membership.user_id == User.id)
    return list(db.session.scalars(chosen.where(Membership.group_id == event.group_id, User.deactivated_at.is_(None))))


def people_who_answered(event_id: uuid.UUID) -> list[User]:
    """Everyone who is going, may come, or waits."""
    chosen = sa.select(User).join(Rsvp, Rsvp.user_id == User.id)
    return list(
        db.session.scalars(chosen.where(Rsvp.event_id == event_id, Rsvp.state != NOT_GOING, User.deactivated_at.is_(None)))
    )
