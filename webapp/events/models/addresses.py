"""Earlier slugs of events, and the secret links of calendar feeds."""

import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...accounts.models import User
from ...core.db import base
from ...core.db.base import Entity, foreign_key
from ...core.extensions import db
from ...groups.models import Group, Membership
from .change_notice import EventInvitation
from .event import Event, EventHost
from .rsvp import Rsvp


class EventSlug(db.Model):
    """An earlier slug of an event; it redirects people who know of the event to the current one."""

    __tablename__ = "event_slug"

    slug: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    event_id: Mapped[uuid.UUID] = foreign_key("event.id", index=True)


def had_slug(slug: str, reader: Any) -> sa.ColumnElement[bool]:
    """Return the condition on Event for an earlier slug, if `reader` knows of the event.

    They host it, belong to its group, have answered it or were invited.
    """
    there = Event.id.in_(sa.select(EventSlug.event_id).where(EventSlug.slug == slug))
    relations = [
        sa.exists().where(row.event_id == Event.id, row.user_id == reader.id)
        for row in (EventHost, Rsvp, EventInvitation)
    ]
    of_group = Event.group_id.in_(
        sa.select(Membership.group_id).where(Membership.user_id == reader.id)
    )
    return sa.and_(there, sa.or_(Event.owner_id == reader.id, of_group, *relations))


_OWN = sa.text("group_id IS NULL")


class CalendarFeed(Entity, db.Model):
    """A person's calendar feed: their own events, or a group's as they see them.

    A new nonce invalidates its link. `digest` identifies the content read last, and `changed_at`
    since when it has been so.
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
    nonce: Mapped[str] = mapped_column(sa.String(24), default=base.nonce)
    read_on: Mapped[date | None]
    digest: Mapped[str] = mapped_column(sa.String(32), default="")
    changed_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()
    group: Mapped[Group | None] = relationship()

    def renew_nonce(self) -> None:
        """Give the feed a new link; the old one stops working."""
        self.nonce = base.nonce()
