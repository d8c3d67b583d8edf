"""Pictures and files that people bring to an event."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..accounts.models import User
from ..core.db.session import Entity, foreign_key
from ..core.extensions import db
from ..core.storage.attachments import attachment_column
from ..core.storage.pictures import picture_column
from ..events.models.event import Event

#: Who brings files: the hosts alone, or those who are going, too.
BY_HOSTS, BY_PEOPLE = UPLOADERS = ("hosts", "people")
#: For whom they are: members and those who are going, or anyone who sees the event.
FOR_PEOPLE, FOR_ALL = READERS = ("people", "all")
#: The kind of what was drawn again; all others are those of `core.storage.attachments`.
PICTURE = "picture"


class EventFile(Entity, db.Model):
    """One of them: a picture as we have drawn it, or a file as it came (`attachment`), with the
    room that it takes.

    `digest` stands for what was brought: the same is brought once. Moderators can hide it
    (`hidden_at`).
    """

    __tablename__ = "event_file"
    __table_args__ = (
        sa.UniqueConstraint("event_id", "digest"),
        sa.CheckConstraint("(picture IS NULL) <> (attachment IS NULL)", name="bytes"),
        sa.CheckConstraint("(kind = 'picture') = (picture IS NOT NULL)", name="kind"),
        sa.CheckConstraint("size > 0", name="size"),
        sa.Index("ix_event_file_kind", "event_id", "kind", "created_at", "id"),
    )

    event_id: Mapped[uuid.UUID] = foreign_key("event.id")
    by_id: Mapped[uuid.UUID] = foreign_key("user.id", index=True)
    kind: Mapped[str] = mapped_column(sa.String(10))
    picture: Mapped[uuid.UUID | None] = picture_column()
    attachment: Mapped[uuid.UUID | None] = attachment_column()
    name: Mapped[str] = mapped_column(sa.String(100))
    size: Mapped[int]
    width: Mapped[int] = mapped_column(default=0, server_default="0")
    height: Mapped[int] = mapped_column(default=0, server_default="0")
    caption: Mapped[str] = mapped_column(sa.String(300), default="", server_default="")
    #: what is to be seen, for those who don't see it
    alt: Mapped[str] = mapped_column(sa.String(300), default="", server_default="")
    digest: Mapped[str] = mapped_column(sa.String(64))
    hidden_at: Mapped[datetime | None]

    event: Mapped[Event] = relationship()
    by: Mapped[User] = relationship()

    @property
    def is_picture(self) -> bool:
        """Whether it is in the gallery."""
        return self.kind == PICTURE

    @property
    def path(self) -> str:
        """Where its page is, or the file itself: notices are written outside of any request."""
        return f"{self.event.path}/{'pictures' if self.is_picture else 'files'}/{self.id}"
