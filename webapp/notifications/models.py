"""The inbox, and each person's notification settings."""

import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ..core.db.base import Entity, foreign_key, one_of
from ..core.extensions import db

#: Channels of a notification: email at once, digest, inbox only, or nothing. The first three add an
#: inbox line. Rows say "daily" for every digest, because once there was no other.
NOW, DIGEST, INBOX, OFF = CHANNELS = ("now", "daily", "inbox", "off")
#: A person's digest is sent every day, unless they chose this.
WEEKLY = "weekly"
#: What a person gets from one group, if it differs from their settings: only what is important, or
#: nothing.
IMPORTANT, NOTHING = LEVELS = ("important", "nothing")


#: lines that wait for the digest
_WAITS = "channel = 'daily' AND digest_id IS NULL AND read_at IS NULL"


class Notification(Entity, db.Model):
    """One line in a person's inbox.

    Lines of the same `scope`, an opaque text, are shown together. `about` names the group or event
    it comes from. Its text is its type's sentence with `params`. `label` is that sentence when it
    was created, for types that no longer exist.
    """

    __tablename__ = "notification"
    __table_args__ = (
        sa.Index("ix_notification_user_id_created_at", "user_id", "created_at", "id"),
        sa.Index(
            "ix_notification_unread",
            "user_id",
            sqlite_where=sa.text("read_at IS NULL"),
            postgresql_where=sa.text("read_at IS NULL"),
        ),
        sa.Index(
            "ix_notification_daily",
            "user_id",
            sqlite_where=sa.text(_WAITS),
            postgresql_where=sa.text(_WAITS),
        ),
        sa.Index("ix_notification_digest_id", "digest_id"),
    )

    user_id: Mapped[uuid.UUID] = foreign_key("user.id")
    kind: Mapped[str] = mapped_column(sa.String(40))
    scope: Mapped[str | None] = mapped_column(sa.String(80))
    about: Mapped[str | None] = mapped_column(sa.String(120))
    label: Mapped[str] = mapped_column(sa.String(300))
    url: Mapped[str] = mapped_column(sa.String(300))
    read_at: Mapped[datetime | None]
    params: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    channel: Mapped[str] = mapped_column(sa.String(10), default=INBOX, server_default=INBOX)
    #: its group, which may be deleted: waiting lines follow the person's level for the group
    group_id: Mapped[uuid.UUID | None]
    #: the digest that contains it
    digest_id: Mapped[uuid.UUID | None] = foreign_key("digest.id", ondelete="SET NULL")


class Preference(Entity, db.Model):
    """A person's channel for one type of notification, or how often the digest comes, unless it is
    the default.
    """

    __tablename__ = "preference"
    __table_args__ = (
        sa.UniqueConstraint("user_id", "kind"),
        one_of("channel", ("now", "daily", "weekly", "inbox", "off")),
    )

    user_id: Mapped[uuid.UUID] = foreign_key("user.id")
    kind: Mapped[str] = mapped_column(sa.String(40))
    channel: Mapped[str] = mapped_column(sa.String(10))


class GroupLevel(Entity, db.Model):
    """A person's level for one group; without a row their settings apply."""

    __tablename__ = "group_level"
    __table_args__ = (
        sa.UniqueConstraint("user_id", "group_id"),
        one_of("level", ("important", "nothing")),
    )

    user_id: Mapped[uuid.UUID] = foreign_key("user.id")
    group_id: Mapped[uuid.UUID] = foreign_key("group.id", index=True)
    level: Mapped[str] = mapped_column(sa.String(10))


class DigestEmail(Entity, db.Model):
    """A person's digest of one day in their time zone; a weekly one has its Monday's date.

    There is at most one per day.
    """

    __tablename__ = "digest"
    __table_args__ = (sa.UniqueConstraint("user_id", "day"),)

    user_id: Mapped[uuid.UUID] = foreign_key("user.id")
    day: Mapped[date]
