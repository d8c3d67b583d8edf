"""Where events stood before, and who is still led from there."""

import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ...core.extensions import db
from ...groups.models import Membership
from .answer import Rsvp
from .event import Event, EventHost
from .news import EventInvitation


class EventSlug(db.Model):
    """An address that an event had before; it leads those who know of the event to the one that
    it has now.
    """

    __tablename__ = "event_slug"

    slug: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    event_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("event.id", ondelete="CASCADE"), index=True
    )


def stood_at(slug: str, reader: Any) -> sa.ColumnElement[bool]:
    """The condition on Event for what stood there before, of which `reader` knows: who runs it,
    belongs to its group, has answered it or was invited to it."""
    there = Event.id.in_(sa.select(EventSlug.event_id).where(EventSlug.slug == slug))
    known = [
        sa.exists().where(row.event_id == Event.id, row.user_id == reader.id)
        for row in (EventHost, Rsvp, EventInvitation)
    ]
    of_group = Event.group_id.in_(
        sa.select(Membership.group_id).where(Membership.user_id == reader.id)
    )
    return sa.and_(there, sa.or_(Event.owner_id == reader.id, of_group, *known))
