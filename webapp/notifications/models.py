"""The inbox: what reached a person; and what each has chosen to hear, and how."""

import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ..core.db.session import Entity, foreign_key, one_of
from ..core.extensions import db

#: How a notice reaches a person: by email at once, in the digest, in the inbox alone, or not at
#: all. The first three leave a line in the inbox. Rows say "daily" for every digest: at first there
#: was no other.
NOW, DIGEST, INBOX, OFF = CHANNELS = ("now", "daily", "inbox", "off")
#: How often a person's digest comes.
DAILY, WEEKLY = "daily", "weekly"
#: What reaches a person from one group, where they want it otherwise than they have set: what
#: matters, or nothing.
IMPORTANT, NOTHING = LEVELS = ("important", "nothing")


#: lines that wait for the digest
_WAITS = "channel = 'daily' AND digest_id IS NULL AND read_at IS NULL"


class Notification(Entity, db.Model):
    """One line in a person's inbox.

    `scope` is opaque: lines of one scope are shown together. `about` names the group or event that
    it comes from. What it says is its kind's sentence about `params`; `label` is that sentence as
    it was then, for kinds that exist no more.
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
    #: the group that it is of, which may be gone by now: what waits follows what its person chooses
    #: about the group
    group_id: Mapped[uuid.UUID | None]
    #: the digest that speaks of it
    digest_id: Mapped[uuid.UUID | None] = foreign_key("digest.id", ondelete="SET NULL")


class Preference(Entity, db.Model):
    """How a person wants to hear of one kind of thing, and how often the digest comes, where that
    is not as usual.
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
    """How much of one group a person wants to hear; no row: as they have set for all."""

    __tablename__ = "group_level"
    __table_args__ = (
        sa.UniqueConstraint("user_id", "group_id"),
        one_of("level", ("important", "nothing")),
    )

    user_id: Mapped[uuid.UUID] = foreign_key("user.id")
    group_id: Mapped[uuid.UUID] = foreign_key("group.id", index=True)
    level: Mapped[str] = mapped_column(sa.String(10))


class DigestEmail(Entity, db.Model):
    """A person's digest of one day, as days are counted where they live; a week's is of its
    Monday. There is at most one of each day.
    """

    __tablename__ = "digest"
    __table_args__ = (sa.UniqueConstraint("user_id", "day"),)

    user_id: Mapped[uuid.UUID] = foreign_key("user.id")
    day: Mapped[date]
