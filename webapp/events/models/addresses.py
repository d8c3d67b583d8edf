"""Addresses that events had before, and the secret addresses of calendar feeds."""

import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...accounts.models import User
from ...core.db import session
from ...core.db.session import Entity, foreign_key
from ...core.extensions import db
from ...groups.models import Group, Membership
from .change_notice import EventInvitation
from .event import Event, EventHost
from .rsvp import Rsvp


class EventSlug(db.Model):
    """An address that an event had before; it leads those who know of the event to the one that
    it has now.
    """

    __tablename__ = "event_slug"

    slug: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    event_id: Mapped[uuid.UUID] = foreign_key("event.id", index=True)


def had_slug(slug: str, reader: Any) -> sa.ColumnElement[bool]:
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


_OWN = sa.text("group_id IS NULL")


class CalendarFeed(Entity, db.Model):
    """One person's calendar: their own events, or those of a group as they see it. With another
    nonce its address is dead.

    `digest` stands for what was read last, and `changed_at` says since when that has been so.
    """

    __tablename__ = "calendar_feed"
    __table_args__ = (
        sa.UniqueConstraint("user_id", "group_id"),
        sa.Index(
            "ix_calendar_feed_own", "user_id", unique=True, sqlite_where=_OWN, postgresql_where=_OWN
        ),
    )

    user_id: Mapped[uuid.UUID] = foreign_key("user.id")
    group_id: Mapped[uuid.UUID | None] = foreign_key("group.id", index=True)
    nonce: Mapped[str] = mapped_column(sa.String(24), default=session.nonce)
    read_on: Mapped[date | None]
    digest: Mapped[str] = mapped_column(sa.String(32), default="")
    changed_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()
    group: Mapped[Group | None] = relationship()

    def renew_nonce(self) -> None:
        """Its address is another one; the one of before leads nowhere."""
        self.nonce = session.nonce()
