"""Threads, replies, and each reader's state."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..accounts.models import User
from ..core.db.base import Entity, foreign_key, one_of
from ..core.extensions import db
from ..core.storage.pictures import picture_column
from ..groups.models import Group

#: Kinds of containers. An event or vote stores the id of its thread (decisions/0026).
GROUP, EVENT, VOTE = KINDS = ("group", "event", "vote")
#: Who deleted a reply.
AUTHOR, MODERATOR = ("author", "moderator")
#: A reader's state: notified of replies, muted, or just a reader.
FOLLOWS, MUTED, READS = STATES = ("follows", "muted", "reads")
#: The opening of a thread is its reply number 0.
OPENING = 0

_LISTED = "deleted_at IS NULL AND pinned_at IS NULL"
_PINNED = "deleted_at IS NULL AND pinned_at IS NOT NULL"


class Thread(Entity, db.Model):
    """A thread.

    `last_number` is the number of its newest reply, `reply_count` the number of replies that aren't
    deleted.
    """

    __tablename__ = "thread"
    __table_args__ = (
        one_of("kind", ("group", "event", "vote")),
        sa.CheckConstraint("kind <> 'group' OR group_id IS NOT NULL", name="group_id"),
        sa.CheckConstraint("reply_count >= 0 AND reply_count <= last_number", name="reply_count"),
        sa.Index(
            "ix_thread_listed",
            "group_id",
            "last_at",
            "id",
            sqlite_where=sa.text(_LISTED),
            postgresql_where=sa.text(_LISTED),
        ),
        sa.Index(
            "ix_thread_pinned",
            "group_id",
            "pinned_at",
            sqlite_where=sa.text(_PINNED),
            postgresql_where=sa.text(_PINNED),
        ),
        sa.Index("ix_thread_group_id", "group_id"),
        sa.Index("ix_thread_deleted_at", "deleted_at"),
    )

    kind: Mapped[str] = mapped_column(sa.String(10), default=GROUP, server_default=GROUP)
    group_id: Mapped[uuid.UUID | None] = foreign_key("group.id")
    author_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("user.id"), index=True)
    title: Mapped[str] = mapped_column(sa.String(120))
    is_announcement: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    pinned_at: Mapped[datetime | None]
    locked_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    #: When moderators hid the opening, and the title with it.
    title_hidden_at: Mapped[datetime | None]
    last_number: Mapped[int] = mapped_column(default=0, server_default="0")
    reply_count: Mapped[int] = mapped_column(default=0, server_default="0")
    last_at: Mapped[datetime]

    group: Mapped[Group | None] = relationship()
    author: Mapped[User] = relationship()


class Reply(Entity, db.Model):
    """A post: an opening (number 0), a reply or a comment. Its text is that of the version
    `version`. A deleted one keeps its place.

    `answers` is the number of the reply it answers. `reason` says why a moderator removed or hid
    it.
    """

    __tablename__ = "reply"
    __table_args__ = (
        sa.UniqueConstraint("thread_id", "number"),
        sa.CheckConstraint("number >= 0", name="number"),
        sa.CheckConstraint("answers IS NULL OR answers < number", name="answers"),
        one_of("removed_by", ("author", "moderator"), optional=True),
        sa.CheckConstraint("(removed_by IS NULL) = (removed_at IS NULL)", name="removed_at"),
        sa.Index("ix_reply_removed_at", "removed_at"),
    )

    thread_id: Mapped[uuid.UUID] = foreign_key("thread.id")
    number: Mapped[int]
    author_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("user.id"), index=True)
    answers: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    edited_at: Mapped[datetime | None]
    removed_by: Mapped[str | None] = mapped_column(sa.String(10))
    removed_at: Mapped[datetime | None]
    hidden_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    picture_count: Mapped[int] = mapped_column(default=0, server_default="0")

    thread: Mapped[Thread] = relationship()
    author: Mapped[User] = relationship()

    @property
    def is_opening(self) -> bool:
        """Whether it is the opening of its thread."""
        return self.number == OPENING


class ReplyVersion(Entity, db.Model):
    """A version of a reply's text; an opening's has the title, too."""

    __tablename__ = "reply_version"
    __table_args__ = (sa.UniqueConstraint("reply_id", "number"),)

    reply_id: Mapped[uuid.UUID] = foreign_key("reply.id")
    number: Mapped[int]
    by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("user.id"), index=True)
    title: Mapped[str | None] = mapped_column(sa.String(120))
    body: Mapped[str] = mapped_column(sa.Text)

    by: Mapped[User] = relationship()


class ReplyPicture(Entity, db.Model):
    """A picture in a reply as we encoded it, with its file size; in order of upload."""

    __tablename__ = "reply_picture"
    __table_args__ = (sa.CheckConstraint("size > 0", name="size"),)

    reply_id: Mapped[uuid.UUID] = foreign_key("reply.id", index=True)
    picture: Mapped[uuid.UUID | None] = picture_column()
    size: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    #: Alternative text.
    alt: Mapped[str] = mapped_column(sa.String(300), default="", server_default="")


class Mention(Entity, db.Model):
    """A member mentioned in a reply, with their handle at that time; they were notified once."""

    __tablename__ = "mention"
    __table_args__ = (sa.UniqueConstraint("reply_id", "user_id"),)

    reply_id: Mapped[uuid.UUID] = foreign_key("reply.id")
    user_id: Mapped[uuid.UUID] = foreign_key("user.id", index=True)
    handle: Mapped[str] = mapped_column(sa.String(40))


class Reaction(Entity, db.Model):
    """A reaction to a post; a person can add several kinds."""

    __tablename__ = "reaction"
    __table_args__ = (
        sa.UniqueConstraint("reply_id", "user_id", "kind"),
        one_of("kind", ("agree", "thanks", "great", "funny", "sad")),
    )

    reply_id: Mapped[uuid.UUID] = foreign_key("reply.id")
    user_id: Mapped[uuid.UUID] = foreign_key("user.id", index=True)
    kind: Mapped[str] = mapped_column(sa.String(10))


class ThreadReader(Entity, db.Model):
    """A reader's state, and the number up to which they have seen the thread."""

    __tablename__ = "thread_reader"
    __table_args__ = (
        sa.UniqueConstraint("thread_id", "user_id"),
        one_of("state", ("follows", "muted", "reads")),
        sa.Index(
            "ix_thread_reader_follows",
            "thread_id",
            "user_id",
            sqlite_where=sa.text("state = 'follows'"),
            postgresql_where=sa.text("state = 'follows'"),
        ),
    )

    thread_id: Mapped[uuid.UUID] = foreign_key("thread.id")
    user_id: Mapped[uuid.UUID] = foreign_key("user.id", index=True)
    state: Mapped[str] = mapped_column(sa.String(10), default=READS)
    last_seen_number: Mapped[int] = mapped_column(default=0, server_default="0")
